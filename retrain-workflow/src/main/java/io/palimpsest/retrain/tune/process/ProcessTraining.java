package io.palimpsest.retrain.tune.process;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.TrainingUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The contract between a training and its process: lines of progress, exit statuses, and the failures they become. */
public final class ProcessTraining {
    private final TrainingJob job;

    public ProcessTraining(TrainingJob job) {
        this.job = job;
    }

    /** Returns when the process has ended with 0. */
    public void run(
            List<String> command,
            Map<String, String> environment,
            TrainingProgress progress,
            Cancellation cancellation) {
        String mark = ContentHash.ofText(job.output().toString()).value();
        WatchedProcess process =
                new WatchedProcess(command, environment, mark, job.config().limits(), job.log());
        try {
            ProcessEnd end = process.run(
                    job.work(),
                    line -> report(line, progress),
                    () -> {
                        progress.used(new TrainingUse(process.cpu(), 0));
                        progress.working();
                    },
                    cancellation);
            progress.used(new TrainingUse(process.cpu(), 0));
            requireSuccess(end);
        } catch (IOException e) {
            if (TrainingFrame.isDiskFull(e)) {
                throw TrainingFrame.failed(e);
            }
            throw new PalimpsestException(
                    ErrorCode.TRAINER_UNAVAILABLE,
                    "the program " + Path.of(command.getFirst()).getFileName() + " does not start",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(ErrorCode.TRAINING_CANCELLED, "was interrupted");
        }
    }

    /** Other lines are for the log alone. */
    private static void report(String line, TrainingProgress progress) {
        if (line.startsWith("{")) {
            TrainingReport report;
            try {
                report = Json.read(line.getBytes(StandardCharsets.UTF_8), TrainingReport.class);
            } catch (UncheckedIOException e) {
                return;
            }
            if (report.loss() != null && !Double.isFinite(report.loss())) {
                throw new PalimpsestException(
                        ErrorCode.TRAINING_DIVERGED, "the training's loss is no number at step " + report.step());
            }
            progress.report(report);
        }
    }

    private void requireSuccess(ProcessEnd end) {
        switch (end) {
            case ProcessEnd.Exited exited -> {
                if (exited.status() != ExitStatus.DONE) {
                    throw failure(ExitStatus.code(exited.status()), "ended with status " + exited.status());
                }
            }
            case ProcessEnd.TimedOut timedOut ->
                throw failure(
                        ErrorCode.TRAINING_TOO_LONG,
                        "reached its limit of " + job.config().limits().time());
            case ProcessEnd.Silent silent ->
                throw failure(
                        ErrorCode.TRAINING_TOO_LONG,
                        "gave no sign of life for " + job.config().limits().silence());
            case ProcessEnd.OverMemory over ->
                throw failure(
                        ErrorCode.TRAINING_OUT_OF_MEMORY,
                        "held " + over.mebibytes() + " MiB; its limit is "
                                + job.config().limits().memoryMib());
            case ProcessEnd.Cancelled cancelled -> throw failure(ErrorCode.TRAINING_CANCELLED, "was cancelled");
        }
    }

    private PalimpsestException failure(ErrorCode code, String what) {
        return new PalimpsestException(
                code, "the training " + what + "; its log, " + job.log().getFileName() + ", says more");
    }
}
