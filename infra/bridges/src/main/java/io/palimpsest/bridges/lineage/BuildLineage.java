package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.palimpsest.bridges.UuidV5;
import io.palimpsest.bridges.lineage.LineageEvents.Happening;
import io.palimpsest.bridges.lineage.LineageEvents.Work;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.registry.GenerationRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds of generations: from when one is made until it goes live for the first time, which its gates allow, or is dropped. */
final class BuildLineage {
    private final LineageEvents events;

    BuildLineage(LineageEvents events) {
        this.events = events;
    }

    /** @param known what the database has of it; it may be dropped by now */
    List<RunEvent> made(LedgerEntry entry, Optional<GenerationRecord> known) {
        return List.of(event(entry, known, EventType.START, null));
    }

    /** Nothing of one that is rolled back to: it was built before. */
    List<RunEvent> live(LedgerEntry entry, Optional<GenerationRecord> known) {
        boolean isBack = "ROLLBACK".equals(entry.facts().get("act"));
        return isBack ? List.of() : List.of(event(entry, known, EventType.COMPLETE, null));
    }

    /** Nothing of one that was live. */
    List<RunEvent> dropped(LedgerEntry entry, Optional<GenerationRecord> known, boolean wasLive) {
        if (wasLive) {
            return List.of();
        }
        String error = known.map(GenerationRecord::error).orElse(null);
        return List.of(
                error == null
                        ? event(entry, known, EventType.ABORT, null)
                        : event(entry, known, EventType.FAIL, "the build failed with " + error));
    }

    private RunEvent event(
            LedgerEntry entry, Optional<GenerationRecord> known, EventType type, @Nullable String failure) {
        CollectionKey collection = LineageTeller.collection(entry);
        String generation = LineageTeller.fact(entry, "generation");
        Datasets datasets = events.datasets();
        Map<String, Object> facts = new TreeMap<>(entry.facts());
        long passages = known.map(GenerationRecord::passagesDone).orElse(0L);
        if (type == EventType.COMPLETE) {
            known.ifPresent(row -> {
                facts.put("documents", row.documents());
                facts.put("passages", row.passagesDone());
                facts.put("embedded", row.embedded());
                facts.put("buildMillis", row.buildMillis());
            });
        }
        Datasets.Described index = datasets.index(collection, generation, facts);
        return events.event(
                new Work(
                        UuidV5.of("generation", collection.toString(), generation),
                        collection + "/index-build",
                        "Builds a generation of the collection's index from its documents.",
                        null),
                new Happening(
                        type,
                        entry.at(),
                        facts,
                        null,
                        failure,
                        List.of(
                                datasets.input(datasets.documents(collection)),
                                datasets.input(datasets.model(LineageTeller.fact(entry, "model")))),
                        List.of(
                                type == EventType.COMPLETE
                                        ? datasets.output(index, passages)
                                        : datasets.output(index))));
    }
}
