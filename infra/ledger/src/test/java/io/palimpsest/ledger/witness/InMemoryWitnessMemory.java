package io.palimpsest.ledger.witness;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Forgets with the process; its disk may be full. */
final class InMemoryWitnessMemory implements WitnessMemory {
    private final Map<String, TreeHead> heads = new HashMap<>();
    private final Duration delay;
    private boolean isFull;

    InMemoryWitnessMemory() {
        this(Duration.ZERO);
    }

    /** @param delay of what it reads, in which others may write */
    InMemoryWitnessMemory(Duration delay) {
        this.delay = delay;
    }

    void fill() {
        isFull = true;
    }

    void free() {
        isFull = false;
    }

    @Override
    public TreeHead last(String origin) {
        TreeHead last = heads.getOrDefault(origin, TreeHead.NONE);
        LockSupport.parkNanos(delay.toNanos());
        return last;
    }

    @Override
    public void remember(String origin, TreeHead head) throws IOException {
        if (isFull) {
            throw new IOException("no space left on device");
        }
        heads.put(origin, head);
    }
}
