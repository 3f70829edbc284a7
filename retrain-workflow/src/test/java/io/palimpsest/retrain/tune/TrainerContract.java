package io.palimpsest.retrain.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.process.WatchedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The laws of a {@link Trainer}. The trainer under test misbehaves as the file beside its output says ({@link Fault}). A training
 * takes seconds, so what is read alone is read of one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TrainerContract {
    /** So that a slow machine passes and a training that waits for its end fails. */
    private static final Duration QUICKLY = Duration.ofSeconds(10);

    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    protected Path folder = Path.of("");

    private Path snapshot = Path.of("");
    private @Nullable Trained trained;

    /** A training in which nothing went wrong, and all that it reported. */
    private record Trained(TrainingJob job, ModelManifest manifest, List<TrainingReport> reports) {}

    /** What goes wrong in the fourth step, or with the model at the end. */
    public enum Fault {
        CRASH,
        HANG,
        DISK_FULL,
        NAN_LOSS,
        TRUNCATED_MODEL,
        NAN_MODEL;

        /** Of a job with this work folder; null: nothing goes wrong. */
        public static @Nullable Fault of(Path work) throws IOException {
            String name = String.valueOf(work.getFileName()).replace(".work", ".fault");
            Path file = work.resolveSibling(name);
            return Files.exists(file) ? valueOf(Files.readString(file)) : null;
        }
    }

    protected abstract Trainer trainer();

    /** Longer than the trainer is ever silent while all is well, on a busy machine. */
    protected Duration silence() {
        return Duration.ofSeconds(15);
    }

    /** Six steps, a checkpoint after each second one. */
    protected abstract TrainingConfig config();

    @BeforeEach
    void writeSnapshot() {
        snapshot = folder.resolve("snapshot");
        TinySnapshot.write(snapshot);
    }

    private TrainingJob job(String name) {
        return new TrainingJob(snapshot, folder.resolve(name), config());
    }

    private TrainingJob faulty(String name, Fault fault) throws IOException {
        Files.writeString(folder.resolve(name + ".fault"), fault.name());
        return job(name);
    }

    private ModelManifest train(TrainingJob job) {
        return trainer().train(job, TrainingProgress.none(), Cancellation.never());
    }

    /** Of the same snapshot and configuration as {@link #job}. */
    private Trained trained() {
        if (trained == null) {
            TrainingJob job = new TrainingJob(shared.resolve("snapshot"), shared.resolve("model"), config());
            TinySnapshot.write(job.snapshot());
            List<TrainingReport> reports = new ArrayList<>();
            trained = new Trained(job, trainer().train(job, reports::add, Cancellation.never()), reports);
        }
        return trained;
    }

    /** One per step. */
    private static List<TrainingReport> ofSteps(List<TrainingReport> reports) {
        return reports.stream().filter(report -> report.loss() != null).toList();
    }

    @Test
    void sameSnapshotSeedAndConfigurationGiveTheSameBytes() throws IOException {
        ModelManifest second = train(job("second"));
        assertThat(second).isEqualTo(trained().manifest());
        assertThat(TrainedModel.hashes(folder.resolve("second")))
                .isEqualTo(TrainedModel.hashes(trained().job().output()));
    }

    @Test
    void modelSaysWhatItWasTrainedFrom() {
        TrainingJob job = trained().job();
        ModelManifest manifest = trained().manifest();
        assertThat(manifest.snapshot()).isEqualTo(SnapshotFolder.open(snapshot).hash());
        assertThat(manifest.seed()).isEqualTo(job.config().seed());
        assertThat(manifest.trainer()).isEqualTo(trainer().name());
        assertThat(TrainedModel.verify(job.output())).isEqualTo(manifest);
        assertThat(job.work()).doesNotExist();
    }

    @Test
    void progressTellsStepLossAndTimeLeft() {
        List<TrainingReport> steps = ofSteps(trained().reports());
        assertThat(steps).extracting(TrainingReport::step).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(steps).allSatisfy(report -> {
            assertThat(report.steps()).isEqualTo(6);
            assertThat(report.loss()).isFinite();
            assertThat(report.remainingSeconds()).isGreaterThanOrEqualTo(0);
        });
    }

    @Test
    void cancelledTrainingEndsQuicklyAndLeavesNoModel() throws IOException {
        TrainingJob job = faulty("model", Fault.HANG);
        AtomicBoolean cancelled = new AtomicBoolean();
        long[] since = new long[1];
        assertCode(
                ErrorCode.TRAINING_CANCELLED,
                () -> trainer()
                        .train(
                                job,
                                report -> {
                                    if (report.step() >= 3 && !cancelled.getAndSet(true)) {
                                        since[0] = System.nanoTime();
                                    }
                                },
                                Cancellation.by(cancelled)));
        assertThat(Duration.ofNanos(System.nanoTime() - since[0])).isLessThan(QUICKLY);
        assertNothingOf(job);
    }

    @Test
    void listenerThatThrowsEndsTheTraining() throws IOException {
        TrainingJob job = faulty("model", Fault.HANG);
        assertThatThrownBy(() -> trainer()
                        .train(
                                job,
                                report -> {
                                    throw new IllegalStateException("nobody listens any more");
                                },
                                Cancellation.never()))
                .isInstanceOf(IllegalStateException.class);
        assertNothingOf(job);
    }

    @Test
    void crashedTrainingGoesOnFromItsCheckpointToTheSameBytes() throws IOException {
        TrainingJob job = faulty("model", Fault.CRASH);
        assertCode(ErrorCode.TRAINER_FAILED, () -> train(job));
        assertNothingOf(job);
        Files.delete(folder.resolve("model.fault"));
        List<TrainingReport> reports = new ArrayList<>();
        ModelManifest resumed = trainer().train(job, reports::add, Cancellation.never());
        assertThat(resumed).isEqualTo(trained().manifest());
        assertThat(ofSteps(reports))
                .extracting(TrainingReport::step)
                .first()
                .matches(step -> step >= 3, "after the checkpoint of the second step");
    }

    @Test
    void checkpointOfAnotherSnapshotIsNotUsed() throws IOException {
        TrainingJob job = faulty("model", Fault.CRASH);
        assertCode(ErrorCode.TRAINER_FAILED, () -> train(job));
        Files.delete(folder.resolve("model.fault"));
        TinySnapshot.writeOther(snapshot);
        List<TrainingReport> reports = new ArrayList<>();
        trainer().train(job, reports::add, Cancellation.never());
        assertThat(ofSteps(reports)).extracting(TrainingReport::step).first().isEqualTo(1);
    }

    @Test
    void finishedJobAnswersWithItsModelAgain() {
        List<TrainingReport> reports = new ArrayList<>();
        assertThat(trainer().train(trained().job(), reports::add, Cancellation.never()))
                .isEqualTo(trained().manifest());
        assertThat(reports).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CRASH, TRAINER_FAILED",
        "DISK_FULL, TRAINING_DISK_FULL",
        "NAN_LOSS, TRAINING_DIVERGED",
        "TRUNCATED_MODEL, MODEL_BROKEN",
        "NAN_MODEL, MODEL_BROKEN"
    })
    void whatGoesWrongEndsInItsCodeWithoutModel(Fault fault, ErrorCode code) throws IOException {
        TrainingJob job = faulty("model", fault);
        assertCode(code, () -> train(job));
        assertNothingOf(job);
    }

    @Test
    void trainerThatGivesNoSignOfLifeIsEnded() throws IOException {
        TrainingJob job = faulty("model", Fault.HANG);
        TrainingJob impatient = new TrainingJob(
                job.snapshot(),
                job.output(),
                job.config().withLimits(job.config().limits().withSilence(silence())));
        assertCode(ErrorCode.TRAINING_TOO_LONG, () -> train(impatient));
        assertNothingOf(job);
    }

    @Test
    void timeLimitHoldsWhileTheTrainerTalks() throws IOException {
        TrainingJob job = faulty("model", Fault.HANG);
        TrainingJob limited = new TrainingJob(
                job.snapshot(),
                job.output(),
                job.config().withLimits(job.config().limits().withTime(Duration.ofMillis(300))));
        assertCode(ErrorCode.TRAINING_TOO_LONG, () -> train(limited));
        assertNothingOf(job);
    }

    @Test
    void damagedSnapshotIsRefused() throws IOException {
        Files.writeString(snapshot.resolve(SnapshotFolder.TRAIN), "\n", StandardOpenOption.APPEND);
        assertCode(ErrorCode.SNAPSHOT_UNUSABLE, () -> train(job("model")));
        assertNothingOf(job("model"));
    }

    @Test
    void snapshotWithOneQueryIsRefused() {
        SnapshotFolder.write(snapshot, TinySnapshot.pairs().subList(0, 1), List.of());
        assertCode(ErrorCode.SNAPSHOT_UNUSABLE, () -> train(job("model")));
        assertNothingOf(job("model"));
    }

    private static void assertCode(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    /** No model, and no process that could still make one. */
    private static void assertNothingOf(TrainingJob job) {
        assertThat(job.output()).doesNotExist();
        assertThat(job.work().resolve("model")).doesNotExist();
        assertThat(job.work().resolve("tmp")).doesNotExist();
        String mark =
                WatchedProcess.MARK + "=" + ContentHash.ofText(job.output().toString());
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            assertThat(all.filter(process -> environment(process.pid()).contains(mark)))
                    .isEmpty();
        }
    }

    private static String environment(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
