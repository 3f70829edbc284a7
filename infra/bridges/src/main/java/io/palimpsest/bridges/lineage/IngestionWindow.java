package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.palimpsest.bridges.UuidV5;
import io.palimpsest.bridges.lineage.LineageEvents.Happening;
import io.palimpsest.bridges.lineage.LineageEvents.Span;
import io.palimpsest.bridges.lineage.LineageEvents.Work;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What sources sent between two positions of the topic, told as one run for each source and collection.
 *
 * <p>Ordering and idempotency: the run's id is made of the position where the window begins. After a crash the window begins there again,
 * and its end replaces what was told of it before: no change is counted twice. Threading: of one thread.
 */
final class IngestionWindow {
    private final String from;
    private final Map<Origin, Tally> tallies = new TreeMap<>(
            Comparator.comparing((Origin origin) -> origin.collection().toString())
                    .thenComparing(Origin::source));

    private record Origin(CollectionKey collection, String source) {}

    /** Of one source. */
    private static final class Tally {
        private final Map<DocumentAccepted.Effect, Long> changes = new EnumMap<>(DocumentAccepted.Effect.class);
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;

        void add(DocumentAccepted accepted) {
            changes.merge(accepted.effect(), 1L, Long::sum);
            Instant at = accepted.acceptedAt();
            first = at.isBefore(first) ? at : first;
            last = at.isAfter(last) ? at : last;
        }

        long count() {
            return changes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** @param from positions of all partitions, always written in the same way */
    IngestionWindow(String from) {
        this.from = from;
    }

    void add(DocumentAccepted accepted) {
        tallies.computeIfAbsent(new Origin(accepted.key().collectionKey(), accepted.source()), origin -> new Tally())
                .add(accepted);
    }

    long count() {
        return tallies.values().stream().mapToLong(Tally::count).sum();
    }

    List<RunEvent> events(LineageEvents events) {
        List<RunEvent> told = new ArrayList<>();
        tallies.forEach((origin, tally) -> {
            told.add(event(events, origin, tally, EventType.START, tally.first));
            told.add(event(events, origin, tally, EventType.COMPLETE, tally.last));
        });
        return told;
    }

    private RunEvent event(LineageEvents events, Origin origin, Tally tally, EventType type, Instant at) {
        CollectionKey collection = origin.collection();
        Map<String, Object> facts = new TreeMap<>(Map.of("from", from, "changes", tally.count()));
        tally.changes.forEach((effect, count) -> facts.put(effect.name(), count));
        Datasets datasets = events.datasets();
        return events.event(
                new Work(
                        UuidV5.of("ingestion", from, collection.toString(), origin.source()),
                        collection + "/ingest/" + origin.source(),
                        "Takes changes of a source in; a run is what came within one window of time.",
                        null),
                new Happening(
                        type,
                        at,
                        type == EventType.START ? Map.of("from", from) : facts,
                        new Span(tally.first, tally.last),
                        null,
                        List.of(datasets.input(datasets.source(collection, origin.source()))),
                        List.of(
                                type == EventType.START
                                        ? datasets.output(datasets.documents(collection))
                                        : datasets.output(datasets.documents(collection), tally.count()))));
    }
}
