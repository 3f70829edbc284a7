package io.palimpsest.ingest.work;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/** Work on one record, and what to tell the broker about it at any moment. Threading: safe. */
final class WorkTask implements Runnable {
    /** Not begun, a record may go to another worker this often. */
    private static final int MAX_HANDED_ON = 3;

    private enum Phase {
        WAITING,
        RUNNING,
        GIVEN_UP
    }

    private final Supplier<AcknowledgeType> work;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile AcknowledgeType result = AcknowledgeType.RELEASE;

    WorkTask(Supplier<AcknowledgeType> work) {
        this.work = work;
    }

    /** Work that has nothing left to do. */
    static WorkTask done(AcknowledgeType result) {
        WorkTask task = new WorkTask(() -> result);
        task.run();
        return task;
    }

    @Override
    public void run() {
        try {
            if (phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
                result = work.get();
            }
        } finally {
            done.countDown();
        }
    }

    void await(long nanos) {
        try {
            if (done.await(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The result where there is one. Running work keeps its lock; work that has not begun goes to another worker rather
     * than wait behind a long parse.
     */
    AcknowledgeType acknowledgement(boolean closing, int delivery) {
        if (done.getCount() == 0) {
            return result;
        }
        boolean handOn = closing || delivery < MAX_HANDED_ON;
        if (handOn && (phase.compareAndSet(Phase.WAITING, Phase.GIVEN_UP) || closing)) {
            return AcknowledgeType.RELEASE;
        }
        return AcknowledgeType.RENEW;
    }
}
