package io.palimpsest.verifier.merkle;

import java.util.List;

/**
 * That a leaf is in a tree, by RFC 6962 §2.1.1.
 *
 * @param leafIndex from 0 up to, and not with, {@code treeSize}
 * @param path from the leaf's sibling to a child of the root
 */
public record InclusionProof(long leafIndex, long treeSize, List<Hash> path) {
    public InclusionProof {
        path = List.copyOf(path);
    }

    /** @throws InvalidProofException unless this leaf at this place gives this root */
    public void verify(Hash leaf, Hash root) throws InvalidProofException {
        if (!root(leaf).equals(root)) {
            throw new InvalidProofException(
                    "leaf " + leafIndex + " is not in the tree of " + treeSize + " leaves with this root");
        }
    }

    /**
     * Root of the tree that has this leaf there; RFC 9162 §2.1.3.2.
     *
     * @throws InvalidProofException when the path is too long or too short for the size
     */
    public Hash root(Hash leaf) throws InvalidProofException {
        if (leafIndex < 0 || leafIndex >= treeSize) {
            throw new InvalidProofException("a tree of " + treeSize + " leaves has no leaf " + leafIndex);
        }
        long node = leafIndex;
        long last = treeSize - 1;
        Hash hash = leaf;
        for (Hash sibling : path) {
            if (last == 0) {
                throw new InvalidProofException("the proof is too long for a tree of " + treeSize + " leaves");
            }
            if ((node & 1) == 1 || node == last) {
                hash = Hash.node(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hash.node(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if (last != 0) {
            throw new InvalidProofException("the proof is too short for a tree of " + treeSize + " leaves");
        }
        return hash;
    }
}
