package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.LogProof;
import java.util.Optional;

/**
 * What other services ask of the log.
 *
 * <p>Threading: safe. Failure: MANIFEST_UNPROVEN while the log cannot be asked, DATABASE_FAILED.
 */
public interface LogProofs {
    /**
     * Of an entry, under the checkpoint that is served; empty while that does not cover it.
     *
     * @param entryId {@link io.palimpsest.contracts.event.LedgerEntry#entryId}
     */
    Optional<LogProof> proof(String entryId);

    /** What opens the commitment to tenant and collection in entries; empty where there are none of it. */
    Optional<Hash> scopeSalt(CollectionKey collection);

    /** Whether a checkpoint that covers the entry has the cosignatures of as many witnesses as the settings ask for. */
    boolean isWitnessed(String entryId);
}
