package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.triage.Facts;
import io.palimpsest.retrain.drift.triage.Facts.Change;
import io.palimpsest.retrain.drift.triage.Facts.Corpus;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is known of a collection when an alarm holds, from the tables. Canaries and what labels say of steps are not known yet. */
final class DriftFacts {
    /** Fewer answers say nothing of a share (arbitrary). */
    private static final long LEAST = 20;

    private final Sql sql;
    private final double passagesPerDocument;

    DriftFacts(Sql sql, double passagesPerDocument) {
        this.sql = sql;
        this.passagesPerDocument = passagesPerDocument;
    }

    Facts of(DriftAlarm alarm) {
        return new Facts(
                alarm.evidence().stream().map(DriftAlarm.Evidence::signal).collect(Collectors.toSet()),
                corpus(alarm.collection()),
                feedback(alarm),
                null,
                null);
    }

    private Corpus corpus(CollectionKey collection) {
        long documents = count(
                "SELECT COUNT(*) FROM document_standing WHERE live = 1 AND document_key LIKE ?", collection + "/%");
        long failed = count(
                "SELECT COUNT(*) FROM quarantine_entry WHERE tenant = ? AND collection = ?",
                collection.tenant().value(),
                collection.collection().value());
        return new Corpus(documents, 0, failed, Math.round(documents * passagesPerDocument));
    }

    /** Thumbs and ratings: the newest hundred beside all before. */
    private @Nullable Change feedback(DriftAlarm alarm) {
        String good =
                "SELECT COUNT(*), COALESCE(SUM(CASE WHEN (kind = 'THUMB' AND score > 0) OR (kind = 'RATING' AND score"
                        + " >= 4) THEN 1 ELSE 0 END), 0) FROM feedback WHERE tenant = ? AND collection = ? AND late = 0"
                        + " AND kind IN ('THUMB', 'RATING') AND sequence_number ";
        CollectionKey collection = alarm.collection();
        long border = count(
                        "SELECT COALESCE(MAX(sequence_number), 0) FROM feedback WHERE tenant = ? AND collection = ?",
                        collection.tenant().value(),
                        collection.collection().value())
                - 100;
        Double before = share(good + "<= ?", collection, border);
        Double now = share(good + "> ?", collection, border);
        return before == null || now == null ? null : new Change(before, now);
    }

    private @Nullable Double share(String query, CollectionKey collection, long border) {
        return sql.first(
                        query,
                        row -> row.getLong(1) < LEAST ? Double.NaN : (double) row.getLong(2) / row.getLong(1),
                        collection.tenant().value(),
                        collection.collection().value(),
                        border)
                .filter(share -> !share.isNaN())
                .orElse(null);
    }

    private long count(String query, Object... arguments) {
        return sql.first(query, row -> row.getLong(1), arguments).orElse(0L);
    }
}
