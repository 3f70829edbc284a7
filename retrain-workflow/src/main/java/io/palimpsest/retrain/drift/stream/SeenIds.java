package io.palimpsest.retrain.drift.stream;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The last ids of one collection, as 64-bit hashes, in a ring that lies in a store: what comes again soon is told from what is new.
 * What comes again later counts as another sample, which one window in thousands does not show.
 */
final class SeenIds {
    static final int REMEMBERED = 4096; // arbitrary: minutes of a busy collection, days of a quiet one
    /** Hashes that lie together, since each entry that changes between two commits is a record for the broker. */
    private static final int BLOCK = 64;

    private final KeyValueStore<String, byte[]> store;
    private final String collection;
    private final long[] ring = new long[REMEMBERED];
    private final Set<Long> known = new HashSet<>();
    private long arrivals;

    /** @param arrivals how many came before */
    SeenIds(KeyValueStore<String, byte[]> store, String collection, long arrivals) {
        this.store = store;
        this.collection = collection;
        this.arrivals = arrivals;
        for (int first = 0; first < Math.min(arrivals, REMEMBERED); first += BLOCK) {
            byte[] hashes = store.get(key(first));
            if (hashes != null) {
                ByteBuffer.wrap(hashes).asLongBuffer().get(ring, first, BLOCK);
            }
        }
        for (int i = 0; i < Math.min(arrivals, REMEMBERED); i++) {
            known.add(ring[i]);
        }
    }

    /** False when it was there already. */
    boolean add(String id) {
        long hash = hash(id);
        if (!known.add(hash)) {
            return false;
        }
        int slot = (int) (arrivals % REMEMBERED);
        if (arrivals >= REMEMBERED) {
            known.remove(ring[slot]);
        }
        ring[slot] = hash;
        int first = slot - slot % BLOCK;
        ByteBuffer block = ByteBuffer.allocate(BLOCK * Long.BYTES);
        block.asLongBuffer().put(ring, first, BLOCK);
        store.put(key(first), block.array());
        arrivals++;
        return true;
    }

    long arrivals() {
        return arrivals;
    }

    private String key(int slot) {
        return collection + "#" + slot;
    }

    /** FNV-1a, 64 bits. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
