package io.palimpsest.retrain;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.retrain.feedback.FeedbackLog;
import io.palimpsest.retrain.snapshot.Snapshots;
import io.palimpsest.retrain.workflow.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what is to be kept no longer: old feedback, the keys of training sets with an erased document, folders of runs that are
 * over.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Failure: is logged, and tried again at the next turn.
 */
final class RetrainHousekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetrainHousekeeping.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** An erased document's words outside of its passages are readable for no longer than this; arbitrary. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final FeedbackLog feedback;
    private final Duration retention;
    private final Snapshots snapshots;
    private final Runs runs;
    private final Path folders;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retrain-housekeeping").factory());

    /** @param folders of runs on this machine, named by their ids */
    RetrainHousekeeping(
            FeedbackLog feedback,
            Duration retention,
            Snapshots snapshots,
            Runs runs,
            Path folders,
            InstantSource clock) {
        this.feedback = feedback;
        this.retention = retention;
        this.snapshots = snapshots;
        this.runs = runs;
        this.folders = folders;
        this.clock = clock;
    }

    void start() {
        long pause = Math.clamp(retention.dividedBy(10).toMillis(), SHORTEST.toMillis(), LONGEST.toMillis());
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(this::all, 0, pause, TimeUnit.MILLISECONDS);
    }

    private void all() {
        chore(() -> feedback.deleteBefore(clock.instant().minus(retention)));
        chore(snapshots::retireErased);
        chore(this::deleteFolders);
    }

    private static void chore(Runnable work) {
        try {
            work.run();
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("a chore failed; tried again at the next turn");
        } catch (RuntimeException e) { // an exception would end the timer
            LOG.atError().setCause(e).log("a chore failed; tried again at the next turn");
        }
    }

    /** A run may have ended by another process than the one that trained; what a program noted of erased texts goes too. */
    private void deleteFolders() {
        if (!Files.isDirectory(folders)) {
            return;
        }
        try (Stream<Path> all = Files.list(folders)) {
            List<Path> over = all.filter(folder -> isUseless(String.valueOf(folder.getFileName())))
                    .toList();
            for (Path folder : over) {
                FolderTree.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isUseless(String runId) {
        return runs.isOver(runId)
                || runs.trainedOn(runId).filter(snapshots::isRetired).isPresent();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
