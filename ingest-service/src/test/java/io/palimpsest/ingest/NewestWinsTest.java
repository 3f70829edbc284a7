package io.palimpsest.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.DocumentRevised.State;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.gate.Changes;
import io.palimpsest.ingest.gate.GateCounters;
import io.palimpsest.ingest.gate.GateTopology;
import io.palimpsest.ingest.revise.Extractions;
import io.palimpsest.ingest.revise.RevisionTopology;
import io.palimpsest.platform.stream.TopologyRun;
import io.palimpsest.testkit.source.FaultySource;
import io.palimpsest.testkit.source.FaultySource.Faults;
import io.palimpsest.testkit.source.NewestWins;
import io.palimpsest.testkit.source.NewestWins.Expected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Laws 1, 2 and 4 over gate and revision together: a source that misbehaves, and an extractor that is slow and flaky. */
class NewestWinsTest {
    private static final int DOCUMENTS = 5;
    private static final int CHANGES = 120;
    private static final Expected NOTHING = new Expected(false, null, null, null, null, null, null);

    @Property(tries = 20)
    void newestPositionIsVisibleWhateverTheOrderOfArrival(@ForAll long seed) {
        FaultySource source = new FaultySource(seed, DOCUMENTS, CHANGES, Faults.MANY);
        Map<DocumentKey, Expected> expected = NewestWins.of(source.history());
        for (int salt = 0; salt < 2; salt++) {
            List<DocumentChanged> deliveries = source.deliveries(salt);
            assertThat(NewestWins.of(deliveries)).as("%s", source).isEqualTo(expected);
            assertThat(run(deliveries, seed + salt).visible()).as("%s", source).isEqualTo(shown(expected));
        }
    }

    @Property(tries = 20)
    void changesWithoutPositionEndAsTheOrderOfTheirArrivalSays(@ForAll long seed) {
        FaultySource source = new FaultySource(seed, DOCUMENTS, CHANGES, new Faults(0.3, 0.5, 40, 0.5));
        List<DocumentChanged> deliveries = source.deliveries();

        assertThat(run(deliveries, seed).visible()).as("%s", source).isEqualTo(shown(NewestWins.of(deliveries)));
    }

    @Property(tries = 10)
    void everyDeliveryEndsAsAcceptedOrDropped(@ForAll long seed) {
        FaultySource source = new FaultySource(seed, DOCUMENTS, CHANGES, new Faults(0.4, 0.5, 40, 0.3));
        List<DocumentChanged> deliveries = source.deliveries();
        Outcomes outcomes = run(deliveries, seed);

        assertThat(outcomes.accepted.size() + outcomes.dropped.size())
                .as("%s", source)
                .isEqualTo(deliveries.size());
        Map<ChangeDropped.Reason, Long> reasons =
                outcomes.dropped.stream().collect(Collectors.groupingBy(ChangeDropped::reason, Collectors.counting()));
        long distinct =
                deliveries.stream().map(DocumentChanged::changeId).distinct().count();
        assertThat(reasons.getOrDefault(ChangeDropped.Reason.DUPLICATE, 0L)).isEqualTo(deliveries.size() - distinct);
        Set<ChangeId> ids =
                outcomes.accepted.stream().map(DocumentAccepted::changeId).collect(Collectors.toSet());
        assertThat(ids).hasSize(outcomes.accepted.size());
        outcomes.newestAccepted()
                .forEach((key, newest) -> assertThat(outcomes.last.get(key))
                        .satisfies(r -> assertThat(r.version()).isEqualTo(newest.version())));
    }

    @Property(tries = 10)
    void noRevisionMixesTwoAcceptedStates(@ForAll long seed) {
        FaultySource source = new FaultySource(seed, DOCUMENTS, CHANGES, Faults.MANY);
        Outcomes outcomes = run(source.deliveries(), seed);
        Map<String, DocumentAccepted> states =
                outcomes.accepted.stream().collect(Collectors.toMap(a -> a.key() + "#" + a.version(), a -> a));
        Map<DocumentKey, DocumentRevised> before = new HashMap<>();

        for (DocumentRevised revised : outcomes.revised) {
            DocumentAccepted state = states.get(revised.key() + "#" + revised.version());
            assertThat(state).as("%s", source).isNotNull();
            DocumentRevised previous = before.put(revised.key(), revised);
            if (previous != null) {
                assertThat(revised.revision()).isEqualTo(previous.revision() + 1);
                assertThat(revised.version()).isGreaterThanOrEqualTo(previous.version());
                assertThat(revised.revisedAt()).isAfter(previous.revisedAt());
            }
            assertOneState(revised, Objects.requireNonNull(state));
        }
    }

    private static void assertOneState(DocumentRevised revised, DocumentAccepted state) {
        assertThat(revised.location()).isEqualTo(state.properties().location());
        List<String> access = state.properties().access() == null
                ? List.of()
                : state.properties().access();
        if (!access.contains("*") && revised.state() != State.DELETED) {
            assertThat(access).containsAll(revised.access());
        }
        if (revised.errorCode() == null && revised.state() != State.DELETED && revised.state() != State.PENDING) {
            assertThat(revised.contentVersion()).isEqualTo(state.contentVersion());
            assertThat(revised.raw()).isEqualTo(Extractions.raw(state));
        }
    }

    /** What a search may show of a document, without what depends on the order of arrival (numbers and moments). */
    private record Shown(
            State state,
            @Nullable ContentHash raw,
            @Nullable String title,
            @Nullable String location,
            List<String> access,
            Map<String, String> labels,
            boolean sensitive) {}

    private record Outcomes(
            List<DocumentAccepted> accepted,
            List<ChangeDropped> dropped,
            List<DocumentRevised> revised,
            Map<DocumentKey, DocumentRevised> last) {

        Map<DocumentKey, Shown> visible() {
            Map<DocumentKey, Shown> visible = new HashMap<>();
            last.forEach((key, r) -> visible.put(
                    key,
                    new Shown(
                            r.state(),
                            r.raw(),
                            r.title(),
                            r.location(),
                            // Of a deleted document it only rules its history, and history depends on the order.
                            r.state() == State.DELETED ? List.of() : r.access(),
                            r.labels(),
                            r.sensitive())));
            return visible;
        }

        Map<DocumentKey, DocumentAccepted> newestAccepted() {
            Map<DocumentKey, DocumentAccepted> newest = new HashMap<>();
            accepted.forEach(a -> newest.put(a.key(), a));
            return newest;
        }
    }

    private static Map<DocumentKey, Shown> shown(Map<DocumentKey, Expected> expected) {
        Map<DocumentKey, Shown> shown = new HashMap<>();
        expected.forEach((key, e) -> {
            if (!e.equals(NOTHING)) { // nothing was said that has an effect
                shown.put(key, shown(e));
            }
        });
        return shown;
    }

    private static Shown shown(Expected e) {
        ContentReference content = e.content();
        State state = e.deleted() ? State.DELETED : content == null ? State.PENDING : settled(content);
        ContentHash raw = content == null ? null : ContentHash.ofText(content.toString());
        String title = e.title() == null && state == State.LIVE ? "title of " + raw : e.title();
        return new Shown(
                state,
                raw,
                title,
                e.location(),
                e.access() == null ? List.of() : e.access(),
                e.labels() == null ? Map.of() : e.labels(),
                e.sensitive() != null && e.sensitive());
    }

    /** Some contents hold no text; which is a property of the content. */
    private static State settled(ContentReference content) {
        return Math.floorMod(ContentHash.ofText(content.toString()).hashCode(), 5) == 0 ? State.EMPTY : State.LIVE;
    }

    /** Results come late, early (before their accepted record), repeated, and sometimes first as a failure. */
    private static Outcomes run(List<DocumentChanged> deliveries, long seed) {
        Random random = new Random(seed);
        List<DocumentAccepted> accepted = new ArrayList<>();
        List<ChangeDropped> dropped = new ArrayList<>();
        List<DocumentRevised> revised = new ArrayList<>();
        Path state = temporary();
        try (TopologyRun gate = new TopologyRun(
                        GateTopology.build(Changes.RULES, GateCounters.NONE, Changes::ledgerEntry),
                        state.resolve("gate"));
                TopologyRun revise =
                        new TopologyRun(RevisionTopology.build(code -> {}, Optional::empty), state.resolve("revise"))) {
            List<DocumentExtracted> results = new ArrayList<>();
            for (DocumentChanged change : deliveries) {
                gate.send(Topics.CHANGED, change.key(), change);
                gate.pass(Duration.ofSeconds(1));
                revise.pass(Duration.ofSeconds(1));
                for (DocumentAccepted next : gate.values(Topics.ACCEPTED)) {
                    accepted.add(next);
                    if (next.effect() == Effect.CONTENT) {
                        results.addAll(results(next, random));
                    }
                    deliverSome(results, revise, random, 0.1);
                    revise.send(Topics.ACCEPTED, next.key(), next);
                    deliverSome(results, revise, random, 0.3);
                }
                dropped.addAll(gate.values(Topics.DROPPED));
            }
            deliverSome(results, revise, random, 1);
            revised.addAll(revise.values(Topics.REVISED));
            assertThat(gate.values(Topics.LEDGER_ENTRY)).hasSize(accepted.size());
        } finally {
            delete(state);
        }
        Map<DocumentKey, DocumentRevised> last = new LinkedHashMap<>();
        revised.forEach(r -> last.put(r.key(), r));
        return new Outcomes(accepted, dropped, revised, last);
    }

    private static List<DocumentExtracted> results(DocumentAccepted accepted, Random random) {
        ContentReference content = accepted.content();
        Outcome outcome = content != null && settled(content) == State.EMPTY ? Outcome.EMPTY : Outcome.EXTRACTED;
        DocumentExtracted good = Extractions.of(accepted, outcome, 2);
        return switch (random.nextInt(4)) {
            case 0 -> List.of(Extractions.of(accepted, Outcome.FAILED, 1), good);
            case 1 -> List.of(good, good);
            default -> List.of(good);
        };
    }

    private static void deliverSome(List<DocumentExtracted> results, TopologyRun revise, Random random, double share) {
        List<DocumentExtracted> due =
                results.stream().filter(r -> random.nextDouble() < share).toList();
        due.forEach(result -> {
            results.remove(result);
            revise.send(Topics.EXTRACTED, result.key(), result);
        });
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("newest-wins");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
