/**
 * Manifests of the index: the passages that a generation had at a moment as the leaves of a Merkle tree, and files that prove
 * that one was among them, or was not. Reads no file and asks no server. Entry class: {@link
 * io.palimpsest.verifier.manifest.PassageProof}.
 */
@NullMarked
package io.palimpsest.verifier.manifest;

import org.jspecify.annotations.NullMarked;
