package io.palimpsest.ledger.serve;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.Role;

/** {@code GET /v1/collections/{collection}/ledger/query?id=}: the entry that stands for a query's receipt. Role AUDIT. */
public final class QueryEntryRoutes implements Routes {
    private final EntryIndex index;
    private final LedgerEntries entries;

    public QueryEntryRoutes(EntryIndex index, LedgerEntries entries) {
        this.index = index;
        this.entries = entries;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/collections/{collection}/ledger/query", this::query);
    }

    private void query(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        String query = context.queryParam("id");
        if (query == null || query.isBlank()) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "give the query as ?id=QUERY_ID");
        }
        String entry = entries.id(
                LedgerEntry.Type.QUERY_SERVED,
                new LedgerEntries.Scope(collection.tenant(), collection.collection()),
                query);
        context.json(index.find(entry)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.RECEIPT_NOT_LOGGED, "the log has no entry for query " + query)));
    }
}
