package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.security.HmacSha256;
import io.palimpsest.verifier.entry.Commitment;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes ledger entries. Entry ids, and openings of commitments, are HMAC-SHA256 under the commitment key over length-prefixed
 * UTF-8 fields ({@code int32 big-endian length, bytes}, in the order given); a commitment is {@link Commitment#inner} of them:
 *
 * <ul>
 *   <li>entry id: {@code "entry", type, tenant, collection or "", act}
 *   <li>opening: {@code "opening", tenant, collection or "", personal}
 * </ul>
 *
 * <p>Threading: safe. Ordering and idempotency: the same act gives the same entry id, whenever and by whomever.
 */
public final class LedgerEntries {
    private final HmacSha256 hmac;
    private final Consumer<LedgerEntry.Type> made;

    /** @param commitmentKey at least 32 bytes; whoever has it can check what an entry speaks of */
    public LedgerEntries(byte[] commitmentKey) {
        this(commitmentKey, type -> {});
    }

    /** @param made told of each entry, for counting */
    public LedgerEntries(byte[] commitmentKey, Consumer<LedgerEntry.Type> made) {
        this.hmac = new HmacSha256(commitmentKey);
        this.made = made;
    }

    /**
     * Of something done to a document: the commitment speaks of its id.
     *
     * @param act what makes this act one, such as the change id, or revision and generation
     * @param facts small and not personal
     */
    public LedgerEntry ofDocument(
            LedgerEntry.Type type,
            Instant at,
            String actor,
            DocumentKey document,
            String act,
            Map<String, String> facts) {
        Scope scope = Scope.of(document.collectionKey());
        return entry(type, at, actor, scope, document + "\n" + act, facts, document.toString());
    }

    /**
     * Of something done to a collection, or in it, that nothing personal belongs to.
     *
     * @param act what makes this act one, such as the id of a run
     * @param facts small and not personal
     */
    public LedgerEntry ofCollection(
            LedgerEntry.Type type,
            Instant at,
            String actor,
            CollectionKey collection,
            String act,
            Map<String, String> facts) {
        return entry(type, at, actor, Scope.of(collection), act, facts, null);
    }

    /**
     * Of anything else.
     *
     * @param personal what the commitment speaks of; null for none
     */
    public LedgerEntry entry(
            LedgerEntry.Type type,
            Instant at,
            String actor,
            Scope scope,
            String act,
            Map<String, String> facts,
            @Nullable String personal) {
        made.accept(type);
        return new LedgerEntry(
                id(type, scope, act),
                type,
                at,
                actor,
                scope.tenant(),
                scope.collection(),
                facts,
                personal == null ? null : subject(scope, personal).commitment());
    }

    /** Of the entry that {@link #entry} makes of this act, whether there is one or not. */
    public String id(LedgerEntry.Type type, Scope scope, String act) {
        String collection = scope.collection() == null ? "" : scope.collection().value();
        return hex(hmac.ofFields("entry", type.name(), scope.tenant().value(), collection, act));
    }

    /**
     * What opens the commitment of entries about this, and itself.
     *
     * @param opening hex of 32 bytes; whoever has them and {@code personal} can check this commitment, and no other one
     * @param commitment hex
     */
    public record Subject(String opening, String commitment) {}

    /** @param personal as it was given to {@link #entry}; of a document: its key as text */
    public Subject subject(Scope scope, String personal) {
        String collection = scope.collection() == null ? "" : scope.collection().value();
        String tenant = scope.tenant().value();
        byte[] opening = hmac.ofFields("opening", tenant, collection, personal);
        return new Subject(
                hex(opening),
                Commitment.inner(opening, tenant, collection, personal).hex());
    }

    /** As the commitments of {@link #ofDocument} speak of it. */
    public Subject subject(DocumentKey document) {
        return subject(Scope.of(document.collectionKey()), document.toString());
    }

    /** Where it was done; null where no single collection was meant. */
    public record Scope(TenantId tenant, @Nullable CollectionId collection) {
        public static Scope of(CollectionKey collection) {
            return new Scope(collection.tenant(), collection.collection());
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
