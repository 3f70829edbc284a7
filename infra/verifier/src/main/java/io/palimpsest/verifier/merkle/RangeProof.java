package io.palimpsest.verifier.merkle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * That consecutive leaves are in a tree, all of them and in this order: the roots of what lies outside, from left to right, at
 * most two for each level. Of one leaf it holds the hashes of an inclusion proof (RFC 6962 §2.1.1) in that order.
 *
 * @param first index of the first leaf
 * @param count of the leaves, at least 1
 */
public record RangeProof(long first, long count, long treeSize, List<Hash> outside) {
    public RangeProof {
        outside = List.copyOf(outside);
    }

    /** @throws IllegalArgumentException when the tree does not have these leaves */
    static RangeProof of(MerkleTree tree, long first, long count, long treeSize) {
        if (!isInside(first, count, treeSize)) {
            throw new IllegalArgumentException(
                    "a tree of " + treeSize + " leaves has no " + count + " from " + first + " on");
        }
        List<Hash> outside = new ArrayList<>();
        collect(tree, first, first + count, 0, treeSize, outside);
        return new RangeProof(first, count, treeSize, outside);
    }

    /**
     * @param leaves hashes of the leaves in their order
     * @throws InvalidProofException unless these leaves at this place give this root
     */
    public void verify(List<Hash> leaves, Hash root) throws InvalidProofException {
        if (!isInside(first, count, treeSize) || leaves.size() != count) {
            throw new InvalidProofException(
                    "a tree of " + treeSize + " leaves has no " + leaves.size() + " from " + first + " on");
        }
        Deque<Hash> left = new ArrayDeque<>(outside);
        Hash found = root(leaves, left, 0, treeSize);
        if (!left.isEmpty()) {
            throw new InvalidProofException("the proof is too long");
        }
        if (!found.equals(root)) {
            throw new InvalidProofException("leaves " + first + " to " + (first + count - 1)
                    + " are not in the tree of " + treeSize + " leaves with this root");
        }
    }

    private Hash root(List<Hash> leaves, Deque<Hash> left, long begin, long end) throws InvalidProofException {
        if (end <= first || begin >= first + count) {
            if (left.isEmpty()) {
                throw new InvalidProofException("the proof is too short");
            }
            return left.removeFirst();
        }
        if (end - begin == 1) {
            return leaves.get((int) (begin - first));
        }
        long middle = begin + MerkleTree.split(end - begin);
        Hash lower = root(leaves, left, begin, middle);
        return Hash.node(lower, root(leaves, left, middle, end));
    }

    private static void collect(MerkleTree tree, long from, long to, long begin, long end, List<Hash> outside) {
        if (end <= from || begin >= to) {
            outside.add(tree.range(begin, end));
        } else if (begin < from || end > to) {
            long middle = begin + MerkleTree.split(end - begin);
            collect(tree, from, to, begin, middle, outside);
            collect(tree, from, to, middle, end, outside);
        }
    }

    private static boolean isInside(long first, long count, long treeSize) {
        return first >= 0 && count >= 1 && count <= treeSize && first <= treeSize - count;
    }
}
