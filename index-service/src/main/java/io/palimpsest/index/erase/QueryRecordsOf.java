package io.palimpsest.index.erase;

import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.querylog.LoggedQueries;
import java.util.List;

/** Queries that showed the document: who asked them, and what was found, is sealed, so they go as a whole, with their receipts. */
record QueryRecordsOf(LoggedQueries queries, Sql sql) implements ErasableStore {
    @Override
    public String name() {
        return "query-log";
    }

    @Override
    public Phase phase() {
        return Phase.RECORDS;
    }

    @Override
    public Coverage covers() {
        return Coverage.tables("query_log", "query_citation");
    }

    @Override
    public long erase(Erasing erasing) {
        long removed = 0;
        for (String query : queries.showing(erasing.document())) {
            removed += sql.update("DELETE FROM query_log WHERE query_id = ?", query);
        }
        return removed;
    }

    @Override
    public Probed probe(Erasing erasing) {
        return new Probed(
                queries.showing(erasing.document()).size(),
                List.of(
                        "The ledger has an entry for each query that showed it, with a hash of the receipt that is no more.",
                        "Questions that people asked, and whose answers did not show the document, stay as they are until the query"
                                + " log's retention, whatever they say."));
    }
}
