package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;

/**
 * A tree as a witness remembers it.
 *
 * @param treeSize 0 or more
 */
public record TreeHead(long treeSize, Hash rootHash) {
    /** Of a log of which nothing was cosigned yet. */
    public static final TreeHead NONE = new TreeHead(0, MerkleTree.EMPTY);

    public TreeHead {
        if (treeSize < 0) {
            throw new IllegalArgumentException("a log has no " + treeSize + " entries");
        }
    }
}
