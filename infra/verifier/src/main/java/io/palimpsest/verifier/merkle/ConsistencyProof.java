package io.palimpsest.verifier.merkle;

import java.util.Iterator;
import java.util.List;

/**
 * That a tree is the beginning of a later one, by RFC 6962 §2.1.2.
 *
 * @param from size of the earlier tree
 * @param to size of the later one, not smaller
 * @param path empty where both are the same, or the earlier one is empty
 */
public record ConsistencyProof(long from, long to, List<Hash> path) {
    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /**
     * RFC 9162 §2.1.4.2.
     *
     * @throws InvalidProofException unless the tree with the one root begins as the tree with the other
     */
    public void verify(Hash fromRoot, Hash toRoot) throws InvalidProofException {
        if (from < 0 || from > to) {
            throw new InvalidProofException("a tree of " + to + " leaves does not begin with one of " + from);
        }
        if (from == 0 || from == to) {
            same(path.isEmpty(), "the proof is too long");
            same(from == to ? fromRoot.equals(toRoot) : fromRoot.equals(MerkleTree.EMPTY), "the roots do not agree");
            return;
        }
        Iterator<Hash> hashes = path.iterator();
        long node = from - 1;
        long last = to - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        Hash early = node == 0 ? fromRoot : next(hashes);
        Hash late = early;
        while (hashes.hasNext()) {
            Hash sibling = hashes.next();
            same(last != 0, "the proof is too long");
            if ((node & 1) == 1 || node == last) {
                early = Hash.node(sibling, early);
                late = Hash.node(sibling, late);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                late = Hash.node(late, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        same(last == 0, "the proof is too short");
        same(early.equals(fromRoot), "the earlier root is not that of the first " + from + " leaves");
        same(late.equals(toRoot), "the later root is not that of all " + to + " leaves");
    }

    private static Hash next(Iterator<Hash> hashes) throws InvalidProofException {
        same(hashes.hasNext(), "the proof is too short");
        return hashes.next();
    }

    private static void same(boolean holds, String otherwise) throws InvalidProofException {
        if (!holds) {
            throw new InvalidProofException(otherwise);
        }
    }
}
