package io.palimpsest.index.indexer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.passages.DocumentWriter;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.revision.RevisionListing;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.lease.Lease;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the generations that are to be built, one at a time, each in one process only; what a killed process leaves, another one or
 * its next start goes on with.
 *
 * <p>Threading: one thread of its own. Failure: what may pass is tried again with back-off; what cannot makes the generation
 * FAILED. The live generation is not touched either way.
 */
public final class GenerationBuilds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationBuilds.class);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private static final Duration LOOK = Duration.ofMillis(500);
    /** Some seconds of embedding: what a kill loses. */
    private static final int STEP_PASSAGES = 256;

    private static final Duration CLOSING = Duration.ofSeconds(20);
    /** In a row, without a step between them. About eight minutes. */
    private static final int ATTEMPTS = 20;

    private final BuildParts parts;
    private final Leases leases;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private int failures;
    private long doneAtFailure = -1;

    private GenerationBuilds(BuildParts parts, Leases leases) {
        this.parts = parts;
        this.leases = leases;
        this.thread = Thread.ofPlatform().daemon().name("generation-build").unstarted(this::runUntilClosed);
    }

    /**
     * Where current revisions come from and generations go to.
     *
     * @param writer of what is built; the index, or what stands before it
     * @param embedders for passages, by model
     * @param listener is told what builds took
     * @param busy whether changes are being applied: builds yield to them
     * @param percent of the time that a build may work, 1 to 100
     */
    public record Sources(
            DocumentWriter writer,
            ContentStore store,
            Function<ModelId, CachingEmbedder> embedders,
            RevisionListing revisions,
            IndexListener listener,
            BooleanSupplier busy,
            int percent) {}

    public static GenerationBuilds start(
            GenerationTable table, PassageIndex index, Sources from, Leases leases, InstantSource clock) {
        BuildParts parts = new BuildParts(
                table,
                index,
                from.writer(),
                from.store(),
                from.embedders(),
                from.revisions(),
                new Throttle(from.percent(), from.busy()),
                STEP_PASSAGES,
                from.listener(),
                work -> Thread.ofPlatform().daemon().name("generation-embed").start(work),
                clock);
        GenerationBuilds builds = new GenerationBuilds(parts, leases);
        builds.thread.start();
        return builds;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void runUntilClosed() {
        while (!isClosing()) {
            Duration pause = LOOK;
            try {
                for (GenerationRow row : parts.table().in(GenerationState.BUILDING)) {
                    pause = build(row);
                }
            } catch (PalimpsestException e) {
                LOG.atWarn()
                        .addKeyValue("errorCode", e.code().id())
                        .setCause(e)
                        .log("builds of generations could not be looked up; tried again");
            } catch (InterruptedException e) {
                return;
            }
            pause(pause);
        }
    }

    private void pause(Duration pause) {
        try {
            boolean unused = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** @return how long to wait before the next look */
    private Duration build(GenerationRow row) throws InterruptedException {
        Optional<Lease> lease = leases.take("build/" + row.id(), "", lost -> {});
        if (lease.isEmpty()) {
            return LOOK; // another process builds it
        }
        try (Lease held = lease.get()) {
            new GenerationBuild(row, parts, () -> isClosing() || !held.isHeld()).run();
            return LOOK;
        } catch (RuntimeException e) {
            return isClosing() ? LOOK : afterFailure(row, e);
        }
    }

    private Duration afterFailure(GenerationRow row, RuntimeException e) {
        ErrorCode code = e instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
        long done = row.progress().documentsDone();
        failures = done == doneAtFailure ? failures + 1 : 1;
        doneAtFailure = done;
        boolean hopeless = code.next() != NextAction.RETRY && code.next() != NextAction.RECONCILE;
        LOG.atWarn()
                .addKeyValue("errorCode", code.id())
                .setCause(e)
                .log("the build of generation {} failed{}", row.id(), hopeless ? "" : "; it goes on at its last step");
        if (hopeless || failures >= ATTEMPTS) {
            parts.table().failed(row.passages().id(), code.id());
        }
        return BACK_OFF.after(failures);
    }

    /** The step at hand is finished, or done again at the next start. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSING.toMillis()); // never interrupted: that would close the index's files under its hands
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
