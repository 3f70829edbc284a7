package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.palimpsest.bridges.LedgerFollower;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.registry.RegistryTables;
import io.palimpsest.platform.registry.RunRecord;
import java.util.List;
import java.util.function.Function;

/** Tells what ledger entries of generations and runs mean as lineage. */
final class LineageTeller implements LedgerFollower.Teller {
    private final RegistryTables tables;
    private final BuildLineage builds;
    private final TrainingLineage trainings;
    private final EventSender sender;

    LineageTeller(RegistryTables tables, LineageEvents events, EventSender sender) {
        this.tables = tables;
        this.builds = new BuildLineage(events);
        this.trainings = new TrainingLineage(events);
        this.sender = sender;
    }

    @Override
    public void tell(LedgerEntry entry) {
        List<RunEvent> told = events(entry);
        if (!told.isEmpty()) {
            sender.send(told);
        }
    }

    private List<RunEvent> events(LedgerEntry entry) {
        return switch (entry.type()) {
            case GENERATION_MADE -> builds.made(entry, tables.generation(fact(entry, "generation")));
            case GENERATION_LIVE -> builds.live(entry, tables.generation(fact(entry, "generation")));
            case GENERATION_DROPPED ->
                builds.dropped(
                        entry,
                        tables.generation(fact(entry, "generation")),
                        !tables.periods(fact(entry, "generation")).isEmpty());
            case RUN_STARTED -> run(entry, trainings::started);
            case RUN_ENDED -> run(entry, trainings::ended);
            default -> List.of();
        };
    }

    /** Nothing of runs that train nothing, or that the database has no more. */
    private List<RunEvent> run(LedgerEntry entry, Function<RunRecord, List<RunEvent>> story) {
        return tables.run(fact(entry, "run"))
                .filter(run -> run.kind().equals(RunRecord.FINE_TUNE))
                .map(story)
                .orElse(List.of());
    }

    static String fact(LedgerEntry entry, String name) {
        return entry.facts().getOrDefault(name, "unknown");
    }

    static CollectionKey collection(LedgerEntry entry) {
        return CollectionKey.of(
                entry.tenant().value(),
                entry.collection() == null ? "none" : entry.collection().value());
    }
}
