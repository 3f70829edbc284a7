package io.palimpsest.ingest.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.stream.TopologyRun;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTopologyTest {
    private static final String OTHER = "urn:source:b";

    @TempDir
    Path state;

    private TopologyRun gate;

    @BeforeEach
    void open() {
        gate = new TopologyRun(GateTopology.build(Changes.RULES, GateCounters.NONE, Changes::ledgerEntry), state);
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void everyAcceptedChangeIsAlsoAWorkItemAndALedgerEntry() {
        DocumentAccepted accepted = acceptedOf(Changes.updated(1, "a"));

        assertThat(accepted.version()).isEqualTo(1);
        assertThat(accepted.contentVersion()).isEqualTo(1);
        assertThat(accepted.effect()).isEqualTo(Effect.CONTENT);
        assertThat(accepted.properties().access()).containsExactly("*");
        assertThat(gate.values(Topics.EXTRACT_SMALL)).containsExactly(accepted);
        assertThat(gate.values(Topics.EXTRACT_LARGE)).isEmpty();
        assertThat(gate.values(Topics.LEDGER_ENTRY))
                .extracting(LedgerEntry::type)
                .containsExactly(LedgerEntry.Type.CHANGE_ACCEPTED);
    }

    @Test
    void largeContentTakesItsOwnLaneAndUnknownSizesTheSmallOne() {
        send(Changes.change(
                Changes.SOURCE,
                ChangeType.CREATED,
                1,
                ContentReference.stored(ContentHash.ofText("big"), Changes.RULES.largeBytes() + 1),
                DocumentProperties.NONE));
        assertThat(gate.values(Topics.EXTRACT_LARGE)).hasSize(1);
        assertThat(gate.values(Topics.EXTRACT_SMALL)).isEmpty();

        send(Changes.change(
                Changes.SOURCE,
                ChangeType.CREATED,
                2,
                ContentReference.at(URI.create("https://example.org/a")),
                DocumentProperties.NONE));
        assertThat(gate.values(Topics.EXTRACT_LARGE)).isEmpty();
        assertThat(gate.values(Topics.EXTRACT_SMALL)).hasSize(1);
    }

    @Test
    void sameEventTwiceIsDroppedAsDuplicate() {
        send(Changes.updated(1, "a"));
        gate.pass(Duration.ofDays(6));
        send(Changes.updated(1, "a"));

        assertThat(gate.values(Topics.ACCEPTED)).hasSize(1);
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.DUPLICATE);
    }

    @Test
    void repetitionAfterTheRetentionOfIdsIsHarmless() {
        send(Changes.updated(1, "a"));
        gate.pass(Duration.ofDays(30));
        send(Changes.updated(1, "a"));

        assertThat(gate.values(Topics.ACCEPTED)).hasSize(1);
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
    }

    @Test
    void olderChangeIsDroppedAsStale() {
        send(Changes.updated(2, "b"));
        send(Changes.updated(1, "a"));

        assertThat(gate.values(Topics.ACCEPTED)).hasSize(1);
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
    }

    @Test
    void propertyChangeBeforeItsContentKeepsBoth() {
        DocumentAccepted pending = acceptedOf(Changes.moved(7, "/new"));
        assertThat(pending.effect()).isEqualTo(Effect.PROPERTIES);
        assertThat(pending.content()).isNull();
        assertThat(pending.contentVersion()).isZero();

        DocumentAccepted whole = acceptedOf(Changes.updated(5, "a"));
        assertThat(whole.effect()).isEqualTo(Effect.CONTENT);
        assertThat(whole.content()).isEqualTo(Changes.stored("a"));
        assertThat(whole.properties().location()).isEqualTo("/new");
        assertThat(whole.properties().title()).isEqualTo("t5");
    }

    @Test
    void lateUpdateNeverResurrectsADeletedDocument() {
        send(Changes.updated(1, "a"));
        assertThat(acceptedOf(Changes.deleted(3)).effect()).isEqualTo(Effect.DELETE);
        send(Changes.updated(2, "b"));

        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
        assertThat(acceptedOf(Changes.updated(4, "c")).effect()).isEqualTo(Effect.CONTENT);
    }

    @Test
    void lateDeleteBelowTheContentChangesNothing() {
        send(Changes.updated(5, "a"));
        send(Changes.deleted(4));

        assertThat(gate.values(Topics.ACCEPTED)).hasSize(1);
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
    }

    @Test
    void deleteTakesContentButLeavesNewerProperties() {
        send(Changes.updated(3, "a"));
        send(Changes.access(7, "user:ann"));
        gate.values(Topics.ACCEPTED);

        DocumentAccepted pending = acceptedOf(Changes.deleted(5));
        assertThat(pending.effect()).isEqualTo(Effect.PROPERTIES);
        assertThat(pending.content()).isNull();
        assertThat(acceptedOf(Changes.updated(6, "b")).properties().access()).containsExactly("user:ann");
    }

    @Test
    void changesWithoutPositionCountInOrderOfArrival() {
        assertThat(acceptedOf(Changes.updated(-1, "a")).position()).isEqualTo(new Position(0, 0));
        assertThat(acceptedOf(Changes.updated(-2, "b")).position()).isEqualTo(new Position(0, 1));
        assertThat(acceptedOf(Changes.deleted(-3)).effect()).isEqualTo(Effect.DELETE);
        assertThat(acceptedOf(Changes.updated(-4, "c")).position()).isEqualTo(new Position(0, 3));
    }

    @Test
    void changeWithoutPositionFollowsTheHighestKnownOne() {
        send(Changes.updated(Long.MAX_VALUE, "a"));
        gate.values(Topics.ACCEPTED);

        assertThat(acceptedOf(Changes.updated(-1, "b")).position()).isEqualTo(new Position(1, 0));
    }

    @Test
    void changeAtTheVeryLastPositionIsSetAsideForNoneCouldFollowIt() {
        DocumentChanged last = Changes.change(
                Changes.SOURCE,
                ChangeType.UPDATED,
                new Position(Long.MAX_VALUE, Long.MAX_VALUE),
                Changes.stored("a"),
                DocumentProperties.NONE);
        send(last);

        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();
        assertThat(gate.values(Topics.DEAD_LETTER)).singleElement().satisfies(letter -> {
            assertThat(letter.errorCode()).isEqualTo(ErrorCode.DATA_INVALID);
            assertThat(letter.changeId()).isEqualTo(last.changeId());
        });
        assertThat(acceptedOf(Changes.updated(-1, "b")).position()).isEqualTo(new Position(0, 0));
    }

    @Test
    void deleteThatNamesNoSourceIsTheOwners() {
        send(Changes.updated(4, "a"));
        DocumentAccepted deleted = acceptedOf(unnamedDelete(-1));

        assertThat(gate.values(Topics.DEAD_LETTER)).isEmpty();
        assertThat(deleted.effect()).isEqualTo(Effect.DELETE);
        assertThat(deleted.source()).isEqualTo(Changes.SOURCE);
        assertThat(deleted.position()).isEqualTo(new Position(0, 5));

        send(Changes.updated(3, "late"));
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
        assertThat(acceptedOf(Changes.updated(6, "b")).effect()).isEqualTo(Effect.CONTENT);
        send(unnamedDelete(2));
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
    }

    @Test
    void deleteThatNamesNoSourceBeforeAllElseTakesTheDocumentFromNobody() {
        assertThat(acceptedOf(unnamedDelete(-1)).effect()).isEqualTo(Effect.DELETE);
        assertThat(acceptedOf(Changes.updated(0, "a")).effect()).isEqualTo(Effect.CONTENT);
        assertThat(acceptedOf(unnamedDelete(9)).source()).isEqualTo(Changes.SOURCE);
    }

    private static DocumentChanged unnamedDelete(long at) {
        return Changes.change(DocumentChanged.UNNAMED_SOURCE, ChangeType.DELETED, at, null, DocumentProperties.NONE);
    }

    @Test
    void sameStoredBytesAreNotExtractedAgain() {
        send(Changes.updated(1, "a"));
        gate.values(Topics.ACCEPTED);
        gate.values(Topics.EXTRACT_SMALL);

        DocumentAccepted same = acceptedOf(Changes.updated(2, "a"));
        assertThat(same.effect()).isEqualTo(Effect.PROPERTIES);
        assertThat(same.version()).isEqualTo(2);
        assertThat(same.contentVersion()).isEqualTo(1);
        assertThat(gate.values(Topics.EXTRACT_SMALL)).isEmpty();
    }

    @Test
    void anotherSourceIsRefusedUntilTheOwnerDeletes() {
        DocumentChanged foreign = foreign(9, "b");
        send(Changes.updated(1, "a"));
        gate.values(Topics.ACCEPTED);
        send(foreign);
        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();
        assertThat(gate.values(Topics.DEAD_LETTER)).singleElement().satisfies(letter -> {
            assertThat(letter.errorCode()).isEqualTo(ErrorCode.EVENT_FROM_OTHER_SOURCE);
            assertThat(letter.changeId()).isEqualTo(foreign.changeId());
            assertThat(letter.topic()).isEqualTo(Topics.CHANGED.name());
            assertThat(letter.offset()).isEqualTo(1);
        });

        acceptedOf(Changes.deleted(100));
        assertThat(acceptedOf(foreign).source()).isEqualTo(OTHER);
    }

    @Test
    void formerOwnersLateChangesStayGone() {
        send(Changes.updated(1, "a"));
        send(Changes.deleted(100));
        send(foreign(1, "b"));
        send(Changes.change(OTHER, ChangeType.DELETED, 2, null, DocumentProperties.NONE));
        assertThat(gate.values(Topics.ACCEPTED)).hasSize(4);

        send(Changes.updated(50, "late"));
        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.STALE);
    }

    @Test
    void tombstonesAreForgottenAfterTheirRetentionButNumberingGoesOn() {
        send(Changes.updated(5, "a"));
        send(Changes.deleted(6));
        gate.values(Topics.ACCEPTED);
        gate.pass(Duration.ofDays(89));
        send(Changes.updated(4, "late"));
        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();

        gate.pass(Duration.ofDays(2));
        DocumentAccepted again = acceptedOf(Changes.updated(1, "new life"));
        assertThat(again.version()).isEqualTo(3);
        assertThat(again.effect()).isEqualTo(Effect.CONTENT);
    }

    @Test
    void documentCreatedAgainOutlivesItsTombstone() {
        send(Changes.updated(1, "a"));
        send(Changes.deleted(2));
        send(Changes.updated(3, "b"));
        gate.pass(Duration.ofDays(100));
        gate.values(Topics.ACCEPTED);
        send(Changes.updated(1, "late"));

        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();
    }

    @Test
    void unreadableRecordsAreSetAsideAndTheRestGoesOn() {
        byte[] key = Changes.KEY.toString().getBytes(StandardCharsets.UTF_8);
        gate.sendBytes(Topics.CHANGED, key, "{\"not\": \"a change\"}".getBytes(StandardCharsets.UTF_8));
        gate.sendBytes(Topics.CHANGED, key, "\u0000".getBytes(StandardCharsets.UTF_8));
        gate.sendBytes(Topics.CHANGED, "no key".getBytes(StandardCharsets.UTF_8), Json.write(Changes.deleted(1)));
        gate.send(Topics.CHANGED, DocumentKey.of("acme", "docs", "urn:doc:2"), Changes.deleted(1));
        send(Changes.change(Changes.SOURCE, ChangeType.UPDATED, 1, null, DocumentProperties.NONE));

        assertThat(gate.values(Topics.DEAD_LETTER))
                .extracting(DeadLetter::errorCode)
                .containsExactly(
                        ErrorCode.EVENT_MALFORMED,
                        ErrorCode.EVENT_MALFORMED,
                        ErrorCode.EVENT_MALFORMED,
                        ErrorCode.DATA_INVALID,
                        ErrorCode.DATA_INVALID);
        assertThat(acceptedOf(Changes.updated(1, "a")).version()).isEqualTo(1);
    }

    @Test
    void deadLetterOfAnEventThatCanBeReadNamesItsChange() {
        DocumentChanged change = Changes.deleted(1);
        gate.send(Topics.CHANGED, DocumentKey.of("acme", "docs", "urn:doc:2"), change);

        assertThat(gate.values(Topics.DEAD_LETTER))
                .extracting(DeadLetter::changeId)
                .containsExactly(change.changeId());
    }

    @Test
    void attributesAndTraceTravelWithEachOutput() {
        RecordHeaders headers = new RecordHeaders();
        EventHeaders.set(headers, "id", "urn:source:a", Topics.CHANGED, "urn:doc:1", "00-trace-span-01");
        gate.send(Topics.CHANGED, Changes.KEY, Changes.updated(1, "a"), headers);

        TestRecord<DocumentKey, DocumentAccepted> accepted =
                gate.records(Topics.ACCEPTED).getFirst();
        assertThat(EventHeaders.get(accepted.headers(), "traceparent")).contains("00-trace-span-01");
        assertThat(EventHeaders.get(accepted.headers(), "ce_type"))
                .contains("io.palimpsest.corpus.document.accepted.v1");
        assertThat(EventHeaders.get(accepted.headers(), "ce_subject")).contains("urn:doc:1");
        assertThat(EventHeaders.get(
                        gate.records(Topics.EXTRACT_SMALL).getFirst().headers(), "traceparent"))
                .contains("00-trace-span-01");
    }

    private static DocumentChanged foreign(long at, String text) {
        return Changes.change(OTHER, ChangeType.UPDATED, at, Changes.stored(text), DocumentProperties.NONE);
    }

    @Test
    void ofAnErasedDocumentOnlyTheDeleteOfItsErasurePasses() {
        gate.close();
        DocumentKey erased = Changes.deleted(1).key();
        gate = new TopologyRun(
                GateTopology.build(
                        Changes.RULES.without(Set.of(erased)::contains), GateCounters.NONE, Changes::ledgerEntry),
                state.resolve("suppressing"));

        send(Changes.updated(1, "a"));
        send(Changes.deleted(2));
        assertThat(reasons()).containsExactly(ChangeDropped.Reason.SUPPRESSED, ChangeDropped.Reason.SUPPRESSED);
        assertThat(gate.values(Topics.ACCEPTED)).isEmpty();

        DocumentAccepted accepted = acceptedOf(
                DocumentChanged.ofErasure("e1", erased, Changes.deleted(3).receivedAt()));
        assertThat(accepted.effect()).isEqualTo(Effect.DELETE);
    }

    private void send(DocumentChanged change) {
        gate.send(Topics.CHANGED, change.key(), change);
    }

    private DocumentAccepted acceptedOf(DocumentChanged change) {
        send(change);
        List<DocumentAccepted> accepted = gate.values(Topics.ACCEPTED);
        assertThat(accepted).isNotEmpty();
        return accepted.getLast();
    }

    private List<ChangeDropped.Reason> reasons() {
        return gate.values(Topics.DROPPED).stream().map(ChangeDropped::reason).toList();
    }
}
