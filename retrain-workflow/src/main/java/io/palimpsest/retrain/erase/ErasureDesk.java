package io.palimpsest.retrain.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.erasure.ErasureCommitment;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.erasure.Erasures.Erasure;
import io.palimpsest.platform.erasure.LegalHolds;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.erasure.TaintedModels;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.retrain.evaluate.Approvals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * What people and the workflow do with erasures, holds and suppressions; each act is an entry of the ledger.
 *
 * <p>Threading: safe, from several processes too. Ordering and idempotency: what the workflow repeats changes nothing. Failure:
 * {@code ERASURE_*}, DATABASE_FAILED.
 */
public final class ErasureDesk {
    private static final String ACTOR = "service:retrain";
    private static final int ID_BYTES = 8;
    private static final int NONCE_BYTES = 32;
    private static final int SHORTEST_REASON = 3;
    private static final int LONGEST_REASON = 1_000;

    private final Parts parts;

    /** What it stands on. */
    public record Parts(
            Erasures erasures,
            ErasureTasks tasks,
            LegalHolds holds,
            Suppressions suppressions,
            TaintedModels tainted,
            Approvals approvals,
            LedgerEntries entries,
            LedgerSink ledger,
            InstantSource clock) {}

    public ErasureDesk(Parts parts) {
        this.parts = parts;
    }

    /**
     * What was asked for.
     *
     * @param nonce hex; opens the commitment, and is kept nowhere
     */
    public record Asked(Erasure erasure, String nonce) {}

    /** @throws PalimpsestException {@link ErrorCode#ERASURE_INVALID} */
    public Asked request(DocumentKey document, String reason, Caller caller, Duration expiry) {
        String why = reason(reason);
        byte[] nonce = SecretFile.random(NONCE_BYTES);
        Instant now = parts.clock().instant();
        Erasure erasure = new Erasure(
                HexFormat.of().formatHex(SecretFile.random(ID_BYTES)),
                document.collectionKey(),
                document,
                ErasureCommitment.of(nonce, document),
                why,
                caller.name(),
                now,
                now.plus(expiry),
                Erasures.State.WAITING,
                null,
                null,
                null);
        parts.erasures().request(erasure);
        Approvals.Request unused = parts.approvals()
                .requestSecond(
                        erasure.id(),
                        document.collectionKey(),
                        new ModelId("erasure-" + erasure.id()),
                        expiry,
                        caller,
                        why);
        tell(
                LedgerEntry.Type.ERASURE_REQUESTED,
                document,
                erasure.id(),
                actor(caller),
                Map.of("erasure", erasure.id()));
        return new Asked(erasure, HexFormat.of().formatHex(nonce));
    }

    /** @return false where a hold keeps the document */
    public boolean begin(String id) {
        DocumentKey document = document(id);
        boolean begun = parts.erasures().begin(id, document);
        if (!begun) {
            tell(LedgerEntry.Type.ERASURE_HELD, document, id, ACTOR, Map.of("erasure", id));
        }
        return begun;
    }

    public void suppress(String id) {
        DocumentKey document = document(id);
        parts.suppressions().add(document, id);
        tell(LedgerEntry.Type.DOCUMENT_SUPPRESSED, document, id, ACTOR, Map.of("erasure", id));
    }

    /** The entry's facts have the certificate's hash; it names nobody, so that nothing about the document is made anew. */
    public void certify(String id, Approvals.Request approval) {
        Erasure erasure = find(id);
        String certificate = parts.erasures()
                .certify(
                        id,
                        Certificate.of(
                                erasure,
                                approval,
                                parts.tasks().of(id),
                                parts.tainted().by(id),
                                parts.clock().instant()));
        parts.tainted()
                .by(id)
                .forEach(taint -> tell(
                        LedgerEntry.Type.MODEL_TAINTED,
                        erasure.collection(),
                        id + "\n" + taint.model(),
                        Map.of("erasure", id, "model", taint.model(), "snapshot", taint.snapshot())));
        tell(
                LedgerEntry.Type.ERASURE_COMPLETED,
                erasure.collection(),
                id,
                Map.of(
                        "erasure",
                        id,
                        "certificate",
                        ContentHash.of(certificate.getBytes(StandardCharsets.UTF_8))
                                .value(),
                        "document",
                        erasure.commitment()));
    }

    public void end(String id, Erasures.State state) {
        if (state != Erasures.State.ERASED) {
            tell(
                    LedgerEntry.Type.ERASURE_ABANDONED,
                    find(id).collection(),
                    id,
                    Map.of("erasure", id, "outcome", state.name()));
        }
        parts.erasures().end(id, state);
    }

    /** @return the hold's id */
    public String hold(DocumentKey document, String reason, Caller caller) {
        String id = HexFormat.of().formatHex(SecretFile.random(ID_BYTES));
        parts.holds().place(id, document, reason(reason), caller.name());
        tell(LedgerEntry.Type.HOLD_PLACED, document, id, actor(caller), Map.of("hold", id));
        return id;
    }

    /** @throws PalimpsestException NOT_FOUND where it does not hold (any more) */
    public void release(CollectionKey collection, String id, Caller caller) {
        LegalHolds.Hold hold = parts.holds()
                .release(collection, id, caller.name())
                .orElseThrow(() -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such hold for this key"));
        tell(
                LedgerEntry.Type.HOLD_RELEASED,
                DocumentKey.of(collection, Objects.requireNonNull(hold.document())),
                id,
                actor(caller),
                Map.of("hold", id));
    }

    /** @throws PalimpsestException NOT_FOUND where it is not suppressed; ERASURE_UNDER_WAY where it is being erased */
    public void lift(DocumentKey document, String reason, Caller caller) {
        if (!parts.suppressions().lift(document, reason(reason), caller.name())) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "no such document is suppressed");
        }
        String at = parts.clock().instant().toString();
        tell(LedgerEntry.Type.SUPPRESSION_LIFTED, document, at, actor(caller), Map.of("suppression", "lifted"));
    }

    private Erasure find(String id) {
        return parts.erasures()
                .find(id)
                .orElseThrow(() -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such erasure"));
    }

    private DocumentKey document(String id) {
        DocumentKey document = find(id).document();
        if (document == null) {
            throw new PalimpsestException(ErrorCode.RUN_ENDED, "erasure " + id + " is over");
        }
        return document;
    }

    private static String reason(String given) {
        String why = given.strip();
        if (why.length() < SHORTEST_REASON || why.length() > LONGEST_REASON) {
            throw new PalimpsestException(ErrorCode.ERASURE_INVALID, "the reason has " + why.length() + " characters");
        }
        return why;
    }

    private static String actor(Caller caller) {
        return "key:" + caller.name();
    }

    private void tell(
            LedgerEntry.Type type, DocumentKey document, String act, String actor, Map<String, String> facts) {
        parts.ledger().record(parts.entries().ofDocument(type, parts.clock().instant(), actor, document, act, facts));
    }

    private void tell(LedgerEntry.Type type, CollectionKey collection, String act, Map<String, String> facts) {
        parts.ledger()
                .record(parts.entries().ofCollection(type, parts.clock().instant(), ACTOR, collection, act, facts));
    }
}
