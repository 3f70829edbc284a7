package io.palimpsest.verifier.merkle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * A tree that leaves are added to, of which only the roots of complete subtrees are kept, one for each bit of its size: enough
 * for its root (RFC 6962 §2.1), and no more than 64 hashes however large it is.
 *
 * <p>Threading: one thread.
 */
public final class GrowingTree {
    /** The smallest subtree first. */
    private final Deque<Hash> subtrees = new ArrayDeque<>();

    private long size;

    /** @param leaf hash of the next leaf */
    public void add(Hash leaf) {
        Hash hash = leaf;
        for (long bit = size; (bit & 1) == 1; bit >>= 1) {
            hash = Hash.node(subtrees.pop(), hash);
        }
        subtrees.push(hash);
        size++;
    }

    public long size() {
        return size;
    }

    public Hash root() {
        Iterator<Hash> left = subtrees.iterator();
        if (!left.hasNext()) {
            return MerkleTree.EMPTY;
        }
        Hash root = left.next();
        while (left.hasNext()) {
            root = Hash.node(left.next(), root);
        }
        return root;
    }
}
