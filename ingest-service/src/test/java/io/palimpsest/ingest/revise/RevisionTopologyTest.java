package io.palimpsest.ingest.revise;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.DocumentRevised.State;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.stream.TopologyRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionTopologyTest {
    private static final DocumentKey KEY = DocumentKey.of("acme", "docs", "urn:doc:1");
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    Path state;

    private final List<ErrorCode> refused = new ArrayList<>();
    private @Nullable Uuid life;
    private TopologyRun run;

    @BeforeEach
    void open() {
        run = new TopologyRun(RevisionTopology.build(refused::add, () -> Optional.ofNullable(life)), state);
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void newContentBecomesVisibleWhenItIsExtracted() {
        DocumentAccepted accepted = content(1, "a", "title", "*");
        assertThat(send(accepted)).isEmpty();

        assertThat(send(Extractions.good(accepted))).singleElement().satisfies(revised -> {
            assertThat(revised.state()).isEqualTo(State.LIVE);
            assertThat(revised.revision()).isEqualTo(1);
            assertThat(revised.version()).isEqualTo(1);
            assertThat(revised.extracted()).isEqualTo(Extractions.extracted(Extractions.raw(accepted)));
            assertThat(revised.title()).isEqualTo("title");
            assertThat(revised.access()).containsExactly("*");
        });
    }

    @Test
    void contentAndPropertiesSwitchTogether() {
        live(content(1, "a", "old title", "*"));
        DocumentAccepted newer = content(2, "b", "new title", "*");
        assertThat(send(newer)).isEmpty();

        DocumentRevised revised = live(newer);
        assertThat(revised.title()).isEqualTo("new title");
        assertThat(revised.contentVersion()).isEqualTo(2);
        assertThat(revised.revision()).isEqualTo(2);
    }

    @Test
    void propertiesOfSettledContentAreVisibleAtOnce() {
        live(content(1, "a", "old", "*"));

        assertThat(send(properties(2, 1, "a", "new", "user:ann")))
                .singleElement()
                .satisfies(revised -> {
                    assertThat(revised.state()).isEqualTo(State.LIVE);
                    assertThat(revised.title()).isEqualTo("new");
                    assertThat(revised.access()).containsExactly("user:ann");
                    assertThat(revised.version()).isEqualTo(2);
                    assertThat(revised.contentVersion()).isEqualTo(1);
                });
    }

    @Test
    void propertiesWaitForContentThatIsBeingExtracted() {
        live(content(1, "a", "first", "*"));
        DocumentAccepted second = content(2, "b", "second", "*");
        send(second);
        assertThat(send(properties(3, 2, "b", "third", "*"))).isEmpty();

        assertThat(send(Extractions.good(second))).singleElement().satisfies(revised -> {
            assertThat(revised.title()).isEqualTo("third");
            assertThat(revised.version()).isEqualTo(3);
            assertThat(revised.contentVersion()).isEqualTo(2);
        });
    }

    @Test
    void losingAccessDoesNotWaitForContentButGainingDoes() {
        live(content(1, "a", "old", "user:ann", "user:bob"));
        DocumentAccepted newer = content(2, "b", "new", "user:bob", "user:eve");

        assertThat(send(newer)).singleElement().satisfies(revised -> {
            assertThat(revised.access()).containsExactly("user:bob");
            assertThat(revised.title()).isEqualTo("old");
            assertThat(revised.version()).isEqualTo(1);
            assertThat(revised.revision()).isEqualTo(2);
        });
        assertThat(live(newer).access()).containsExactly("user:bob", "user:eve");
    }

    @Test
    void everyoneCountsAsEveryPrincipalWhenNarrowing() {
        live(content(1, "a", "t", "*"));
        assertThat(send(content(2, "b", "t", "user:ann")))
                .singleElement()
                .satisfies(r -> assertThat(r.access()).containsExactly("user:ann"));
        assertThat(send(content(3, "c", "t", "*"))).isEmpty();
    }

    @Test
    void deleteIsVisibleAtOnceAndLateResultsStayOut() {
        DocumentAccepted first = content(1, "a", "t", "*");
        live(first);
        DocumentAccepted second = content(2, "b", "t", "*");
        send(second);

        assertThat(send(deleted(3))).singleElement().satisfies(revised -> {
            assertThat(revised.state()).isEqualTo(State.DELETED);
            assertThat(revised.passages()).isNull();
        });
        assertThat(send(Extractions.good(second))).isEmpty();
        assertThat(send(Extractions.of(first, Outcome.EXTRACTED, 9))).isEmpty();
    }

    @Test
    void deletedDocumentKeepsTheAccessThatItWasShownWithLast() {
        live(content(1, "a", "t", "user:ann", "user:bob"));
        send(properties(2, 1, "a", "t", "user:ann"));

        assertThat(send(deleted(3))).singleElement().satisfies(revised -> {
            assertThat(revised.state()).isEqualTo(State.DELETED);
            assertThat(revised.access()).containsExactly("user:ann");
        });
        assertThat(send(deleted(4)))
                .singleElement()
                .satisfies(revised -> assertThat(revised.access()).containsExactly("user:ann"));
    }

    @Test
    void documentThatWasNeverShownIsDeletedForEverybody() {
        assertThat(send(deleted(1)))
                .singleElement()
                .satisfies(revised -> assertThat(revised.access()).isEmpty());
    }

    @Test
    void documentCreatedAgainDoesNotShowItsFormerContentWhenExtractionFails() {
        live(content(1, "a", "t", "*"));
        send(deleted(2));
        DocumentAccepted again = content(3, "b", "t", "*");
        send(again);

        assertThat(send(Extractions.of(again, Outcome.FAILED, 1)))
                .singleElement()
                .satisfies(r -> assertThat(r.state()).isEqualTo(State.QUARANTINED));
    }

    @Test
    void resultBeforeItsAcceptedRecordIsKept() {
        DocumentAccepted accepted = content(1, "a", "t", "*");
        assertThat(send(Extractions.good(accepted))).isEmpty();

        assertThat(send(accepted))
                .singleElement()
                .satisfies(r -> assertThat(r.state()).isEqualTo(State.LIVE));
    }

    @Test
    void resultOfOvertakenContentIsDropped() {
        DocumentAccepted first = content(1, "a", "t", "*");
        DocumentAccepted second = content(2, "b", "t", "*");
        send(first);
        send(second);

        assertThat(send(Extractions.good(first))).isEmpty();
        assertThat(live(second).contentVersion()).isEqualTo(2);
        assertThat(send(Extractions.good(first))).isEmpty();
    }

    @Test
    void sameResultTwiceIsOneRevision() {
        DocumentAccepted accepted = content(1, "a", "t", "*");
        live(accepted);

        assertThat(send(Extractions.good(accepted))).isEmpty();
        assertThat(send(accepted)).isEmpty();
    }

    @Test
    void failureKeepsTheLastGoodContent() {
        DocumentAccepted first = content(1, "a", "old", "*");
        live(first);
        DocumentAccepted second = content(2, "broken", "new", "*");
        send(second);

        assertThat(send(Extractions.of(second, Outcome.FAILED, 1)))
                .singleElement()
                .satisfies(revised -> {
                    assertThat(revised.state()).isEqualTo(State.LIVE);
                    assertThat(revised.errorCode()).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
                    assertThat(revised.contentVersion()).isEqualTo(1);
                    assertThat(revised.version()).isEqualTo(2);
                    assertThat(revised.raw()).isEqualTo(Extractions.raw(first));
                    assertThat(revised.title()).isEqualTo("new");
                });
    }

    @Test
    void failureWithoutGoodContentIsQuarantinedUntilARetrySucceeds() {
        DocumentAccepted accepted = content(1, "a", "t", "*");
        send(accepted);
        assertThat(send(Extractions.of(accepted, Outcome.FAILED, 1)))
                .singleElement()
                .satisfies(revised -> {
                    assertThat(revised.state()).isEqualTo(State.QUARANTINED);
                    assertThat(revised.errorCode()).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
                });

        assertThat(send(Extractions.of(accepted, Outcome.EXTRACTED, 2)))
                .singleElement()
                .satisfies(revised -> {
                    assertThat(revised.state()).isEqualTo(State.LIVE);
                    assertThat(revised.errorCode()).isNull();
                    assertThat(revised.revision()).isEqualTo(2);
                });
        assertThat(send(Extractions.of(accepted, Outcome.FAILED, 3))).isEmpty();
    }

    @Test
    void documentWithoutTextIsEmptyNotLive() {
        DocumentAccepted accepted = content(1, "a", "t", "*");
        send(accepted);

        assertThat(send(Extractions.of(accepted, Outcome.EMPTY, 1)))
                .singleElement()
                .satisfies(revised -> {
                    assertThat(revised.state()).isEqualTo(State.EMPTY);
                    assertThat(revised.extracted()).isNull();
                    assertThat(revised.contentVersion()).isEqualTo(1);
                });
    }

    @Test
    void propertiesBeforeAnyContentArePending() {
        assertThat(send(accepted(1, Effect.PROPERTIES, 0, null, admitting("t"))))
                .singleElement()
                .satisfies(revised -> {
                    assertThat(revised.state()).isEqualTo(State.PENDING);
                    assertThat(revised.access()).isEmpty();
                });
    }

    @Test
    void laterExtractionOfTheSameContentReplacesTheEarlierOne() {
        DocumentAccepted accepted = content(1, "a", "t", "*");
        live(accepted);
        DocumentExtracted good = Extractions.of(accepted, Outcome.EXTRACTED, 2);
        DocumentExtracted upgraded = new DocumentExtracted(
                good.key(),
                good.version(),
                good.changeId(),
                good.outcome(),
                good.raw(),
                good.rawBytes(),
                ContentHash.ofText("better"),
                good.passages(),
                good.passageCount(),
                good.title(),
                good.mediaType(),
                good.extractor(),
                good.policy(),
                null,
                null,
                2,
                good.startedAt(),
                good.finishedAt());

        assertThat(send(upgraded))
                .singleElement()
                .satisfies(r -> assertThat(r.extracted()).isEqualTo(ContentHash.ofText("better")));
        assertThat(send(Extractions.good(accepted))).isEmpty();
    }

    @Test
    void revisionsOfADocumentNeverShareAMoment() {
        DocumentRevised first = live(content(1, "a", "t", "*"));
        DocumentRevised second = send(properties(2, 1, "a", "u", "*")).getFirst();
        assertThat(second.revisedAt()).isAfter(first.revisedAt());

        run.pass(Duration.ofMinutes(1));
        DocumentRevised third = send(properties(3, 1, "a", "v", "*")).getFirst();
        assertThat(third.revisedAt()).isEqualTo(first.revisedAt().plus(Duration.ofMinutes(1)));
    }

    @Test
    void unreadableResultIsSetAside() {
        run.sendBytes(
                Topics.EXTRACTED,
                KEY.toString().getBytes(StandardCharsets.UTF_8),
                "nonsense".getBytes(StandardCharsets.UTF_8));

        assertThat(run.values(Topics.DEAD_LETTER))
                .extracting(DeadLetter::errorCode)
                .containsExactly(ErrorCode.EVENT_MALFORMED);
        assertThat(refused).containsExactly(ErrorCode.EVENT_MALFORMED);
        live(content(1, "a", "t", "*"));
    }

    @Test
    void topicThatWasMadeAgainGetsWhatIsShownOnce() {
        life = Uuid.randomUuid();
        Map<DocumentKey, DocumentRevised> shown = new HashMap<>();
        live(content(1, "a", "t", "*"));
        shown.put(KEY, send(properties(2, 1, "a", "u", "*")).getFirst());
        for (int i = 0; i < 2 * LostRevisions.AT_ONCE; i++) {
            DocumentKey other = DocumentKey.of("acme", "docs", "urn:other:" + i);
            run.send(Topics.ACCEPTED, other, accepted(other, 1, Effect.DELETE, 0, null, DocumentProperties.NONE));
            shown.put(other, run.values(Topics.REVISED).getFirst());
        }
        assertThat(look()).isEmpty();
        assertThat(look()).isEmpty();

        life = null; // it is gone
        assertThat(look()).isEmpty();
        life = Uuid.randomUuid();
        List<DocumentRevised> sent = new ArrayList<>(look());
        assertThat(sent).hasSizeBetween(LostRevisions.AT_ONCE - 1, LostRevisions.AT_ONCE);
        DocumentRevised newer = send(properties(3, 1, "a", "v", "*")).getFirst(); // does not wait for it
        sent.addAll(look());
        sent.addAll(look());

        sent.stream()
                .filter(revised -> revised.key().equals(KEY))
                .forEach(revised -> assertThat(revised).isIn(shown.get(KEY), newer));
        shown.remove(KEY);
        sent.removeIf(revised -> revised.key().equals(KEY));
        assertThat(sent).containsExactlyInAnyOrderElementsOf(shown.values());
        assertThat(look()).isEmpty();
        assertThat(run.contents(RevisionTopology.LIVES).values()).containsExactly(life.toString());
    }

    private List<DocumentRevised> look() {
        run.pass(LostRevisions.PAUSE);
        return run.values(Topics.REVISED);
    }

    @Test
    void traceOfTheResultTravelsWithTheRevision() {
        DocumentAccepted accepted = content(1, "a", "t", "*");
        send(accepted);
        RecordHeaders headers = new RecordHeaders();
        EventHeaders.set(headers, "x", "/extract", Topics.EXTRACTED, "urn:doc:1", "00-trace-span-01");
        run.send(Topics.EXTRACTED, KEY, Extractions.good(accepted), headers);

        var sent = run.records(Topics.REVISED).getFirst().headers();
        assertThat(EventHeaders.get(sent, "traceparent")).contains("00-trace-span-01");
        assertThat(EventHeaders.get(sent, "ce_id")).contains(accepted.changeId() + "-r1");
        assertThat(EventHeaders.get(sent, "ce_type")).contains("io.palimpsest.corpus.document.revised.v1");
    }

    private DocumentRevised live(DocumentAccepted accepted) {
        send(accepted);
        List<DocumentRevised> revised = send(Extractions.good(accepted));
        assertThat(revised).hasSize(1);
        return revised.getFirst();
    }

    private List<DocumentRevised> send(DocumentAccepted accepted) {
        run.send(Topics.ACCEPTED, KEY, accepted);
        return run.values(Topics.REVISED);
    }

    private List<DocumentRevised> send(DocumentExtracted extracted) {
        run.send(Topics.EXTRACTED, KEY, extracted);
        return run.values(Topics.REVISED);
    }

    private static DocumentAccepted content(long version, String text, String title, String... access) {
        return accepted(version, Effect.CONTENT, version, stored(text), admitting(title, access));
    }

    private static DocumentAccepted properties(
            long version, long contentVersion, String text, String title, String... access) {
        return accepted(version, Effect.PROPERTIES, contentVersion, stored(text), admitting(title, access));
    }

    private static DocumentAccepted deleted(long version) {
        return accepted(version, Effect.DELETE, 0, null, DocumentProperties.NONE);
    }

    private static ContentReference stored(String text) {
        return ContentReference.stored(ContentHash.ofText(text), text.length());
    }

    private static DocumentProperties admitting(String title, String... access) {
        return new DocumentProperties(title, "/l", null, null, access.length == 0 ? null : List.of(access), null, null);
    }

    private static DocumentAccepted accepted(
            long version,
            Effect effect,
            long contentVersion,
            @Nullable ContentReference content,
            DocumentProperties properties) {
        return accepted(KEY, version, effect, contentVersion, content, properties);
    }

    private static DocumentAccepted accepted(
            DocumentKey key,
            long version,
            Effect effect,
            long contentVersion,
            @Nullable ContentReference content,
            DocumentProperties properties) {
        return new DocumentAccepted(
                key,
                version,
                new ChangeId("change-" + version),
                "urn:source:a",
                new Position(0, version),
                effect,
                contentVersion,
                content,
                properties,
                NOON,
                NOON);
    }
}
