package io.palimpsest.retrain.erase;

import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.querylog.LoggedQueries;
import java.util.List;

/** Feedback on the document, and on results that showed it: what people wrote there may quote it. */
record FeedbackOf(LoggedQueries queries, Sql sql) implements ErasableStore {
    private static final String BY_DOCUMENT = " FROM feedback WHERE tenant = ? AND collection = ? AND document_id = ?";
    private static final String BY_QUERY = " FROM feedback WHERE query_id = ?";

    @Override
    public String name() {
        return "feedback";
    }

    @Override
    public Phase phase() {
        return Phase.COPIES;
    }

    @Override
    public Coverage covers() {
        return Coverage.tables("feedback");
    }

    @Override
    public long erase(Erasing erasing) {
        long removed = sql.update(
                "DELETE" + BY_DOCUMENT,
                erasing.document().tenant().value(),
                erasing.document().collection().value(),
                erasing.document().document().value());
        for (String query : shown(erasing)) {
            removed += sql.update("DELETE" + BY_QUERY, query);
        }
        return removed;
    }

    @Override
    public Probed probe(Erasing erasing) {
        long found = sql.first(
                        "SELECT COUNT(*)" + BY_DOCUMENT,
                        row -> row.getLong(1),
                        erasing.document().tenant().value(),
                        erasing.document().collection().value(),
                        erasing.document().document().value())
                .orElse(0L);
        for (String query : shown(erasing)) {
            found += sql.first("SELECT COUNT(*)" + BY_QUERY, row -> row.getLong(1), query)
                    .orElse(0L);
        }
        return Probed.of(found);
    }

    /** The query log is erased later, and then tells no more. */
    private List<String> shown(Erasing erasing) {
        return erasing.remember("queries", () -> queries.showing(erasing.document()));
    }
}
