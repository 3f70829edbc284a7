/**
 * Merkle trees of RFC 6962 and their proofs. Pure: no I/O. Entry classes: {@link io.palimpsest.verifier.merkle.MerkleTree},
 * {@link io.palimpsest.verifier.merkle.InclusionProof}, {@link io.palimpsest.verifier.merkle.ConsistencyProof}.
 */
@NullMarked
package io.palimpsest.verifier.merkle;

import org.jspecify.annotations.NullMarked;
