package io.palimpsest.ledger.serve;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ledger.evidence.Evidence;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.registry.DocumentVersions;
import io.palimpsest.ledger.registry.LiveHistory;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.ledger.sequence.Salts;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.ledger.KeptThresholds;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.Role;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * What auditors ask: {@code GET /v1/ledger}, {@code GET /v1/ledger/proofs/{index}}, {@code GET
 * /v1/collections/{collection}/ledger/document}, {@code GET /v1/collections/{collection}/ledger/live}, {@code GET
 * /v1/collections/{collection}/ledger/pack}. Role AUDIT.
 */
public final class LedgerRoutes implements Routes {
    private final TransparencyLog log;
    private final EntryIndex index;
    private final Salts salts;
    private final LedgerEntries entries;
    private final Evidence evidence;
    private final LiveHistory history;
    private final Clock clock;

    public LedgerRoutes(
            TransparencyLog log,
            EntryIndex index,
            Salts salts,
            LedgerEntries entries,
            KeptThresholds thresholds,
            Clock clock) {
        this.log = log;
        this.index = index;
        this.salts = salts;
        this.entries = entries;
        this.evidence = new Evidence(log, index, salts, entries);
        this.history = new LiveHistory(index, salts, thresholds::find);
        this.clock = clock;
    }

    /** The newest checkpoint, and the keys that verify it and those before it. */
    private record Standing(String origin, long treeSize, String rootHash, long witnessedTreeSize, List<String> keys) {}

    private record Entries(List<DocumentVersions.Version> versions, List<EntryIndex.Found> entries) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/ledger", this::standing);
        routes.get("/v1/ledger/proofs/{index}", this::proof);
        routes.get("/v1/collections/{collection}/ledger/document", this::document);
        routes.get("/v1/collections/{collection}/ledger/live", this::live);
        routes.get("/v1/collections/{collection}/ledger/pack", this::pack);
    }

    private void standing(Context context) {
        Callers.require(context, Role.AUDIT);
        Checkpoint head = log.head().checkpoint();
        context.json(new Standing(
                head.origin(),
                head.treeSize(),
                head.rootHash().base64(),
                log.witnessed().map(TransparencyLog.Head::treeSize).orElse(0L),
                log.keys().stream().map(NoteKey::text).toList()));
    }

    /** By the newest checkpoint that witnesses have cosigned, where that covers it, or by the newest. */
    private void proof(Context context) {
        Callers.require(context, Role.AUDIT);
        long leaf = index(context.pathParam("index"), log.head().treeSize());
        TransparencyLog.Head head =
                log.witnessed().filter(cosigned -> cosigned.treeSize() > leaf).orElseGet(log::head);
        context.contentType("text/plain; charset=utf-8")
                .header("Content-Disposition", "attachment; filename=\"" + leaf + ".tlog-proof\"")
                .result(LogProof.of(log.entry(leaf), log.tree().inclusion(leaf, head.treeSize()), head.note())
                        .bytes());
    }

    private void document(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        String id = context.queryParam("id");
        if (id == null || id.isBlank()) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "give the document as ?id=URI");
        }
        DocumentKey document = new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(id));
        List<EntryIndex.Found> about = salts.subject(entries.subject(document).commitment())
                .map(index::about)
                .orElse(List.of());
        context.json(new Entries(DocumentVersions.of(about), about));
    }

    private void live(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        Instant at = context.queryParam("at") == null ? clock.instant() : instant(context, "at");
        context.json(history.at(collection, at)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.NOT_FOUND, "the log says of nothing that it was live at " + at)));
    }

    private void pack(Context context) throws IOException {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        Evidence.Order order = new Evidence.Order(
                instant(context, "from"),
                instant(context, "to"),
                collection.tenant(),
                context.queryParams("document").stream()
                        .map(id -> new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(id)))
                        .toList());
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        evidence.write(order, pack);
        context.contentType("application/zip")
                .header("Content-Disposition", "attachment; filename=\"evidence.zip\"")
                .result(pack.toByteArray());
    }

    private static Instant instant(Context context, String name) {
        try {
            return Instant.parse(String.valueOf(context.queryParam(name)));
        } catch (DateTimeParseException e) {
            throw new PalimpsestException(ErrorCode.EVIDENCE_INVALID, name + " is not an instant", e);
        }
    }

    private static long index(String text, long treeSize) {
        if (text.matches("\\d{1,18}") && Long.parseLong(text) < treeSize) {
            return Long.parseLong(text);
        }
        throw new PalimpsestException(
                ErrorCode.NOT_FOUND, "the log has entries 0 to " + (treeSize - 1) + ", and no '" + text + "'");
    }
}
