package io.palimpsest.ledger.witness;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Forgets with the process; its disk may be full. */
final class InMemoryWitnessMemory implements WitnessMemory {
    private final Map<String, TreeHead> heads = new HashMap<>();
    private boolean isFull;

    void fill() {
        isFull = true;
    }

    void free() {
        isFull = false;
    }

    @Override
    public TreeHead last(String origin) {
        return heads.getOrDefault(origin, TreeHead.NONE);
    }

    @Override
    public void remember(String origin, TreeHead head) throws IOException {
        if (isFull) {
            throw new IOException("no space left on device");
        }
        heads.put(origin, head);
    }
}
