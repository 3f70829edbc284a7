package io.palimpsest.index.weaviate;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many batches are on their way at a time: half as many after one that came too late, one more after so many that came in
 * time. So a server that is slow gets no more than it can do, and one that can do more gets it. Additive increase,
 * multiplicative decrease, as in TCP (RFC 5681 §3.1). Threading: any.
 */
final class Width {
    /** One that the server works on, one that travels, and some to spare. Arbitrary. */
    static final int MOST = 4;

    /** Answers in time before one more is tried. Arbitrary. */
    static final int WIDER_AFTER = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private int allowed = MOST;
    private int running;
    private int inTime;

    /** Waits for room; to be followed by {@link #leave}. */
    void enter() {
        lock.lock();
        try {
            while (running >= allowed) {
                room.awaitUninterruptibly();
            }
            running++;
        } finally {
            lock.unlock();
        }
    }

    /** @param late whether the answer did not come, or too late */
    void leave(boolean late) {
        lock.lock();
        try {
            running--;
            if (late) {
                allowed = Math.max(1, allowed / 2);
                inTime = 0;
            } else if (++inTime >= WIDER_AFTER) {
                allowed = Math.min(MOST, allowed + 1);
                inTime = 0;
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int allowed() {
        lock.lock();
        try {
            return allowed;
        } finally {
            lock.unlock();
        }
    }
}
