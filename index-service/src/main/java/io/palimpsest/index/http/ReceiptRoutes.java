package io.palimpsest.index.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.querylog.QueryRows;
import io.palimpsest.index.receipt.KeptReceipt;
import io.palimpsest.index.receipt.Receipt;
import io.palimpsest.index.receipt.Rerun;
import io.palimpsest.index.receipt.Reruns;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What auditors ask of queries, with the role AUDIT: {@code GET /v1/collections/{collection}/queries/{query}/receipt}, {@code POST
 * /v1/collections/{collection}/queries/{query}/rerun}, {@code GET /v1/collections/{collection}/citing?document=[&before=]}.
 */
public final class ReceiptRoutes implements Routes {
    private static final int MOST_CITING = 200;

    private final QueryRows queries;
    private final Reruns reruns;
    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final Clock clock;

    public ReceiptRoutes(QueryRows queries, Reruns reruns, LedgerEntries entries, LedgerSink ledger, Clock clock) {
        this.queries = queries;
        this.reruns = reruns;
        this.entries = entries;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/collections/{collection}/queries/{query}/receipt", this::receipt);
        routes.post("/v1/collections/{collection}/queries/{query}/rerun", this::rerun);
        routes.get("/v1/collections/{collection}/citing", this::citing);
    }

    /**
     * @param canonical the receipt as it is hashed: RFC 8785, UTF-8
     * @param salt hex; with it the commitment is that of the canonical receipt
     * @param querySalt hex; whoever has the query can show with it that the receipt is of that query
     * @param callerSalt hex; the same for who asked
     * @param told whether its entry has left for the ledger
     */
    private record View(
            Receipt receipt,
            String canonical,
            String commitment,
            String salt,
            String querySalt,
            String callerSalt,
            boolean told) {}

    /** Newest first. */
    private record CitingList(List<QueryRows.Citing> queries) {}

    private void receipt(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        String query = context.pathParam("query");
        QueryRows.FoundReceipt found = queries.receipt(collection, query)
                .orElseThrow(() ->
                        new PalimpsestException(ErrorCode.RECEIPT_NOT_KEPT, "there is no receipt of query " + query));
        KeptReceipt kept = found.kept();
        context.json(new View(
                kept.read(),
                kept.receipt(),
                kept.commitment(),
                kept.salt(),
                kept.querySalt(),
                kept.callerSalt(),
                found.told()));
    }

    /** Reads what somebody asked: the ledger is told that it was. */
    private void rerun(Context context) {
        Caller auditor = Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        String query = context.pathParam("query");
        QueryRecord asked = queries.find(collection, query)
                .filter(record -> !record.probe())
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.RECEIPT_NOT_KEPT, "nothing that could be repeated is kept of query " + query));
        Rerun rerun = reruns.of(asked);
        tell("key:" + auditor.name(), collection, rerun);
        context.json(rerun);
    }

    private void tell(String actor, CollectionKey collection, Rerun rerun) {
        LedgerEntries.Scope scope = LedgerEntries.Scope.of(collection);
        Instant now = clock.instant();
        Map<String, String> facts = new HashMap<>();
        facts.put("served", entries.id(LedgerEntry.Type.QUERY_SERVED, scope, rerun.queryId()));
        facts.put("verdict", rerun.verdict().name());
        Rerun.Reason reason = rerun.reason();
        if (reason != null) {
            facts.put("reason", reason.name());
        }
        String act = rerun.queryId() + "\n" + actor + "\n" + now;
        ledger.record(entries.entry(LedgerEntry.Type.QUERY_RERUN, now, actor, scope, act, facts, null));
    }

    private void citing(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        String document = context.queryParam("document");
        if (document == null || document.isBlank()) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, "document: is missing");
        }
        context.json(new CitingList(queries.citing(key(collection, document), before(context), MOST_CITING)));
    }

    private static DocumentKey key(CollectionKey collection, String document) {
        try {
            return DocumentKey.of(collection, document);
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, "document: " + e.getMessage(), e);
        }
    }

    private Instant before(Context context) {
        String before = context.queryParam("before");
        try {
            return before == null ? clock.instant() : Instant.parse(before);
        } catch (DateTimeParseException e) {
            throw new PalimpsestException(
                    ErrorCode.QUERY_INVALID, "before: is not a moment such as 2026-01-31T12:00:00Z", e);
        }
    }
}
