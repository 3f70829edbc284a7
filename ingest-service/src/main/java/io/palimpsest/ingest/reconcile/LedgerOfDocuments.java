package io.palimpsest.ingest.reconcile;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which documents we have of a source, and by which change. Threading: safe. Failure: DATABASE_FAILED. */
final class LedgerOfDocuments {
    private static final int PAGE = 5_000;
    private static final int AT_ONCE = 500;

    /** The newest accepted change says more than the newest revision, which may still be on its way. */
    private static final String OF_SOURCE = """
            SELECT d.document_id, d.state, c.effect, c.event_id FROM document d
            LEFT JOIN document_change c ON c.document_key = d.document_key AND c.version = d.version
            WHERE d.tenant = ? AND d.collection = ? AND d.source = ? AND d.document_id > ?
            ORDER BY d.document_id LIMIT %d
            """.formatted(PAGE);

    private final Sql sql;

    LedgerOfDocuments(Sql sql) {
        this.sql = sql;
    }

    private record Row(String id, boolean deleted, @Nullable String eventId) {
        static Row read(ResultSet row) throws SQLException {
            String effect = row.getString("effect");
            return new Row(
                    row.getString("document_id"),
                    effect == null ? "DELETED".equals(row.getString("state")) : effect.equals("DELETE"),
                    row.getString("event_id"));
        }
    }

    /** By id, what stands for the content; empty where that is not known. Deleted ones are not in it. Memory: the ids. */
    Map<String, String> of(ReconcilableSource source) {
        Map<String, String> prints = new HashMap<>();
        String after = "";
        while (true) {
            List<Row> page = sql.query(
                    OF_SOURCE,
                    Row::read,
                    source.collection().tenant().value(),
                    source.collection().collection().value(),
                    source.eventSource(),
                    after);
            for (Row row : page) {
                if (!row.deleted()) {
                    prints.put(row.id(), row.eventId() == null ? "" : Listed.print(row.eventId()));
                }
            }
            if (page.size() < PAGE) {
                return prints;
            }
            after = page.getLast().id();
        }
    }

    /** Of these, the documents that another source keeps now. */
    Set<String> keptByOthers(CollectionKey collection, String source, Collection<String> ids) {
        Set<String> others = new HashSet<>();
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            List<Object> arguments = new ArrayList<>(
                    List.of(collection.tenant().value(), collection.collection().value(), source));
            arguments.addAll(some);
            others.addAll(sql.query(
                    "SELECT document_id FROM document WHERE tenant = ? AND collection = ? AND source <> ?"
                            + " AND state <> 'DELETED' AND document_id IN (" + "?, ".repeat(some.size() - 1) + "?)",
                    row -> row.getString(1),
                    arguments.toArray()));
        }
        return others;
    }
}
