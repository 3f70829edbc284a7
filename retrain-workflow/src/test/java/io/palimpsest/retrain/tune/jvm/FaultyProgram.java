package io.palimpsest.retrain.tune.jvm;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.TrainerContract.Fault;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A training that goes wrong as the file beside its output says, or does not. */
public record FaultyProgram(TrainingProgram real) implements TrainingProgram {
    @Override
    public void train(TrainingTask task, TrainingProgress progress) throws IOException {
        Fault fault = Fault.of(task.work());
        real.train(task, report -> {
            if (report.loss() != null && report.step() == 4) {
                misbehave(fault, progress);
            }
            progress.report(report);
        });
        Path adapter = task.model().resolve(ModelManifest.ADAPTER);
        if (fault == Fault.TRUNCATED_MODEL || fault == Fault.NAN_MODEL) {
            try (RandomAccessFile file = new RandomAccessFile(adapter.toFile(), "rw")) {
                file.setLength(file.length() - 4);
                if (fault == Fault.NAN_MODEL) {
                    file.seek(file.length());
                    file.write(new byte[] {0, 0, (byte) 0xc0, 0x7f});
                }
            }
        }
    }

    private static void misbehave(@Nullable Fault fault, TrainingProgress progress) {
        switch (fault) {
            case CRASH -> Runtime.getRuntime().halt(134);
            case HANG -> hang();
            case DISK_FULL -> fillDisk();
            case NAN_LOSS -> progress.report(new TrainingReport("train", 4, 6, Double.NaN, null, null));
            case null, default -> {}
        }
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fillDisk() {
        try (OutputStream out = new FileOutputStream("/dev/full")) {
            out.write(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
