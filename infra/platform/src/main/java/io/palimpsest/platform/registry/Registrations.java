package io.palimpsest.platform.registry;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.LocalKey;
import java.util.Map;

/**
 * Tells the ledger what has no table of its own and was registered: kind, id and digest, which are no secret and name nobody. What is
 * registered belongs to no collection, and nor does its entry.
 *
 * <p>Threading: safe where the sink is. Ordering and idempotency: the same registration, told again by whichever process, is the same
 * entry.
 */
public final class Registrations {
    private static final LedgerEntries.Scope SCOPE = new LedgerEntries.Scope(LocalKey.TENANT, null);

    private final LedgerEntries entries;
    private final LedgerSink sink;

    public Registrations(LedgerEntries entries, LedgerSink sink) {
        this.entries = entries;
        this.sink = sink;
    }

    /** @param artifact as its row has it, whoever wrote that */
    void tell(Artifact artifact) {
        sink.record(entries.entry(
                LedgerEntry.Type.ARTIFACT_REGISTERED,
                artifact.registeredAt(),
                artifact.registeredBy(),
                SCOPE,
                act(artifact),
                Map.of("kind", artifact.kind().name(), "artifact", artifact.id(), "digest", artifact.digest()),
                null));
    }

    /** Id of the entry of this registration, whether it was told or not. */
    static String entryId(LedgerEntries entries, Artifact artifact) {
        return entries.id(LedgerEntry.Type.ARTIFACT_REGISTERED, SCOPE, act(artifact));
    }

    /** What was taken off the list and is registered again is another act. */
    private static String act(Artifact artifact) {
        return artifact.kind() + "\n" + artifact.id() + "\n" + artifact.digest() + "\n"
                + artifact.registeredAt().toEpochMilli();
    }
}
