package io.palimpsest.verifier.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * Roots and proofs of the tree over the first {@code treeSize} leaves (RFC 6962 §2.1), from the nodes that a reader has.
 * Takes {@code O(log treeSize)} nodes each.
 *
 * <p>Threading: as the reader's.
 */
public final class MerkleTree {
    /** {@code SHA-256("")}. */
    public static final Hash EMPTY = Hash.sha256(new byte[0]);

    private final HashReader nodes;

    public MerkleTree(HashReader nodes) {
        this.nodes = nodes;
    }

    /** @param treeSize 0 or more */
    public Hash root(long treeSize) {
        return treeSize == 0 ? EMPTY : range(0, treeSize);
    }

    /**
     * That this leaf is in the tree of this size.
     *
     * @throws IllegalArgumentException when the tree does not have this leaf
     */
    public InclusionProof inclusion(long leafIndex, long treeSize) {
        if (leafIndex < 0 || leafIndex >= treeSize) {
            throw new IllegalArgumentException("a tree of " + treeSize + " leaves has no leaf " + leafIndex);
        }
        List<Hash> path = new ArrayList<>();
        path(leafIndex, 0, treeSize, path);
        return new InclusionProof(leafIndex, treeSize, path);
    }

    /**
     * That the first tree is the beginning of the second.
     *
     * @throws IllegalArgumentException unless {@code 0 <= from <= to}
     */
    public ConsistencyProof consistency(long from, long to) {
        if (from < 0 || from > to) {
            throw new IllegalArgumentException("a tree of " + to + " leaves does not begin with one of " + from);
        }
        List<Hash> path = new ArrayList<>();
        if (from > 0 && from < to) {
            subproof(from, 0, to, true, path);
        }
        return new ConsistencyProof(from, to, path);
    }

    /**
     * That these consecutive leaves are in the tree of this size.
     *
     * @throws IllegalArgumentException when the tree does not have them
     */
    public RangeProof leaves(long first, long count, long treeSize) {
        return RangeProof.of(this, first, count, treeSize);
    }

    /** PATH(m, D[n]) of RFC 6962 §2.1.1, for the leaves from {@code begin} to {@code end}. */
    private void path(long leaf, long begin, long end, List<Hash> path) {
        if (end - begin == 1) {
            return;
        }
        long middle = begin + split(end - begin);
        if (leaf < middle) {
            path(leaf, begin, middle, path);
            path.add(range(middle, end));
        } else {
            path(leaf, middle, end, path);
            path.add(range(begin, middle));
        }
    }

    /** SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2. */
    private void subproof(long from, long begin, long end, boolean known, List<Hash> path) {
        if (from == end) {
            if (!known) {
                path.add(range(begin, end));
            }
            return;
        }
        long middle = begin + split(end - begin);
        if (from <= middle) {
            subproof(from, begin, middle, known, path);
            path.add(range(middle, end));
        } else {
            subproof(from, middle, end, false, path);
            path.add(range(begin, middle));
        }
    }

    /** MTH(D[begin:end]); {@code begin} is a multiple of the largest power of two in the range. */
    Hash range(long begin, long end) {
        long size = end - begin;
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return nodes.read(level, begin >> level);
        }
        long middle = begin + split(size);
        return Hash.node(range(begin, middle), range(middle, end));
    }

    /** The largest power of two that is smaller. */
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
