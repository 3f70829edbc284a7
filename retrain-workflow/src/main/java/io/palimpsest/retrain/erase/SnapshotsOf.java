package io.palimpsest.retrain.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.retrain.snapshot.Snapshots;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Training sets that have the document: their keys are destroyed, which makes what is kept under them unreadable (their lines, logs
 * of trainings), and models that learned from them are tainted. A training that reads one now is waited for: it ends by itself.
 */
record SnapshotsOf(Snapshots snapshots, Sql sql) implements ErasableStore {
    private static final String TRAINING = "SELECT COUNT(*) FROM run r JOIN run_stage made ON made.run_id = r.run_id"
            + " AND made.stage = 'SNAPSHOT' WHERE r.outcome IS NULL AND made.result LIKE ? AND NOT EXISTS"
            + " (SELECT 1 FROM run_stage done WHERE done.run_id = r.run_id AND done.stage = 'TRAIN')";

    @Override
    public String name() {
        return "snapshots";
    }

    @Override
    public Phase phase() {
        return Phase.RECORDS;
    }

    @Override
    public Coverage covers() {
        return Coverage.folders("retrain")
                .andTables("training_snapshot", "training_snapshot_document", "run_file", "tainted_model", "model");
    }

    @Override
    public long erase(Erasing erasing) {
        List<String> sets = sets(erasing);
        snapshots.retire(erasing.document().collectionKey(), sets);
        for (String set : sets) {
            if (sql.first(TRAINING, row -> row.getLong(1), "%" + set + "%").orElse(0L) > 0) {
                throw new PalimpsestException(
                        ErrorCode.ERASURE_WAITS, "a training that reads snapshot " + set + " has not ended yet");
            }
        }
        return snapshots.forget(erasing.document(), erasing.pseudonym(), erasing.id());
    }

    @Override
    public Probed probe(Erasing erasing) {
        long found = sql.first(
                        "SELECT COUNT(*) FROM training_snapshot_document WHERE tenant = ? AND collection = ? AND document_id = ?",
                        row -> row.getLong(1),
                        erasing.document().tenant().value(),
                        erasing.document().collection().value(),
                        erasing.document().document().value())
                .orElse(0L);
        List<String> models = sql.query(
                "SELECT model FROM tainted_model WHERE erasure_id = ? ORDER BY model",
                row -> row.getString(1),
                erasing.id());
        return new Probed(
                found,
                models.isEmpty()
                        ? List.of()
                        : List.of("Models that learned from it keep what they learned: "
                                + models.stream().collect(Collectors.joining(", "))
                                + ". They are tainted: none can be built for, registered or promoted any more. One that serves goes on until another"
                                + " one is promoted."));
    }

    /** One that was made while the others were retired is met by the next round. */
    private List<String> sets(Erasing erasing) {
        return erasing.remember(
                "training sets of round " + erasing.round(),
                () -> sql.query(
                        "SELECT snapshot FROM training_snapshot_document WHERE tenant = ? AND collection = ? AND document_id = ?",
                        row -> row.getString(1),
                        erasing.document().tenant().value(),
                        erasing.document().collection().value(),
                        erasing.document().document().value()));
    }
}
