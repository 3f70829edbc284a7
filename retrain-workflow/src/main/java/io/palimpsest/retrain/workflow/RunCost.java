package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.retrain.tune.TrainingUse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one try of one step of a run takes, written down while it goes on. A step that is done is not tried again, so it costs once;
 * a try that was killed has cost what it had.
 *
 * <p>Threading: one thread. Failure: none: a step does not fail for its bill.
 */
final class RunCost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunCost.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final CostBook book;
    private final Work work;
    private final Instant began;
    private final String id;
    private final long start = System.nanoTime();
    private long written = start;
    private long cpuMillis = Spent.UNKNOWN;
    private long steps;
    private long tokens;

    RunCost(CostBook book, Work work, Instant began) {
        this.book = book;
        this.work = work;
        this.began = began;
        this.id = work.kind().name() + " " + work.runId() + " " + UUID.randomUUID();
    }

    void used(TrainingUse all) {
        cpuMillis = Math.max(cpuMillis, all.cpu().toMillis());
        tokens = Math.max(tokens, all.tokens());
        if (System.nanoTime() - written > EVERY.toNanos()) {
            write();
        }
    }

    void steps(int done) {
        steps = Math.max(steps, done);
    }

    private void write() {
        written = System.nanoTime();
        long wall = Duration.ofNanos(written - start).toMillis();
        try {
            book.write(id, work, began, new Spent(wall, cpuMillis, 0, 0, 0, steps, 0));
            if (tokens > 0) { // of the job elsewhere, which later tries find again
                book.write(
                        work.kind().name() + " " + work.runId() + " tokens",
                        work,
                        began,
                        new Spent(0, Spent.UNKNOWN, 0, 0, 0, 0, tokens));
            }
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("what a step of a run took could not be written down");
        }
    }

    @Override
    public void close() {
        write();
    }
}
