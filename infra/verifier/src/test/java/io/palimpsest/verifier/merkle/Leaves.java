package io.palimpsest.verifier.merkle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All nodes of a small tree in memory, by the definition. */
public final class Leaves implements HashReader {
    private final List<Hash> leaves;
    private final Map<List<Long>, Hash> known = new HashMap<>();

    public Leaves(List<Hash> leaves) {
        this.leaves = List.copyOf(leaves);
    }

    @Override
    public Hash read(int level, long index) {
        Hash hash = known.get(List.of((long) level, index));
        if (hash == null) {
            hash = level == 0
                    ? leaves.get((int) index)
                    : Hash.node(read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
            known.put(List.of((long) level, index), hash);
        }
        return hash;
    }

    /** MTH of RFC 6962 §2.1, word for word. */
    static Hash root(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return MerkleTree.EMPTY;
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int k = 1;
        while (2 * k < leaves.size()) {
            k *= 2;
        }
        return Hash.node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }
}
