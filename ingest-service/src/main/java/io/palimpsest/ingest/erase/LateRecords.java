package io.palimpsest.ingest.erase;

import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.erasure.RowStore;
import io.palimpsest.platform.erasure.Suppressions;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/**
 * For those who may still be busy with a document when its erasure has gone over the records: a worker with work that was overtaken,
 * the timeline behind its topics. What they write is taken out again, so a write either ends before, and the erasure finds it, or it is
 * taken out here.
 *
 * <p>Threading: safe, from several processes too. Failure: DATABASE_FAILED. Cost: a hash for a document; a query for a whole batch.
 */
public final class LateRecords {
    private final Sql sql;
    private final Suppressions suppressions;
    private final RecentSuppressions recent;
    private final RowStore records;

    /** @param recent of the same suppressions */
    public LateRecords(Sql sql, Suppressions suppressions, RecentSuppressions recent) {
        this.sql = sql;
        this.suppressions = suppressions;
        this.recent = recent;
        this.records = IngestStores.timeline(sql);
    }

    /**
     * Takes out what names it, where its erasure has gone over the records.
     *
     * @return whether it has: then nothing that names it may be written any more
     */
    public boolean remove(DocumentKey document) {
        return recent.test(document) && sql.inTransaction(transaction -> removeAll(transaction, Set.of(document)));
    }

    /** The same for several, in the transaction that wrote of them. @return whether there was one */
    public boolean removeAll(Sql.Transaction transaction, Set<DocumentKey> documents) throws SQLException {
        boolean any = false;
        for (Map.Entry<DocumentKey, String> suppressed :
                suppressions.erasures(transaction, documents).entrySet()) {
            Erasing erasing = Erasing.again(suppressed.getValue(), suppressed.getKey());
            if (hasGoneOver(transaction, erasing)) {
                long unused = records.erase(transaction, erasing);
                any = true;
            }
        }
        return any;
    }

    /** Its own delete names the document no more. */
    private static boolean hasGoneOver(Sql.Transaction transaction, Erasing erasing) throws SQLException {
        return !transaction
                .query(
                        "SELECT 1 FROM document_change WHERE change_id = ? AND document_key = ?",
                        row -> 1,
                        DocumentChanged.idOfErasure(erasing.id(), erasing.document())
                                .value(),
                        erasing.pseudonym().toString())
                .isEmpty();
    }
}
