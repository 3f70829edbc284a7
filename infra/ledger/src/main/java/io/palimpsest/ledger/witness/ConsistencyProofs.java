package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.merkle.ConsistencyProof;

/** The log's own proofs. */
@FunctionalInterface
public interface ConsistencyProofs {
    /**
     * Asked from several threads at once.
     *
     * @param from more than 0, and less than {@code to}
     */
    ConsistencyProof between(long from, long to);
}
