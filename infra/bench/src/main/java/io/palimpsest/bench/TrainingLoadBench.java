package io.palimpsest.bench;

import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.SnapshotFolder;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.lora.LoraTrainer;
import io.palimpsest.standalone.TemporaryDirectory;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Searches at a steady pace, idle, while LoRA trains, and idle again: latency from the moment that a search was due, so that one which
 * has to wait for another counts with its wait.
 */
final class TrainingLoadBench {
    private static final int WARM_UP = 300;
    private static final int SEARCHES = 600;
    private static final long EVERY_MILLIS = 100;
    private static final long LONGEST_START_SECONDS = 180;

    private final Report report;

    TrainingLoadBench(Report report) {
        this.report = report;
    }

    void run(Path data, int documents, Map<String, String> settings) throws IOException, InterruptedException {
        List<String> queries = List.copyOf(
                TestCollection.scifact(data.resolve("scifact")).queries().values());
        try (TemporaryDirectory work = TemporaryDirectory.create("training-bench");
                BenchServer server = BenchServer.start(work.path().resolve("data"), settings)) {
            IngestBench.ingest(server, IngestBench.scifact(data.resolve("scifact"), documents), documents);
            search(server, queries, WARM_UP);
            Latencies idle = search(server, queries, SEARCHES);
            Latencies training = whileTraining(data, work.path(), () -> search(server, queries, SEARCHES));
            Latencies again = search(server, queries, SEARCHES);
            Map<String, Object> row = new TreeMap<>();
            row.put("searches", SEARCHES);
            figures(row, "idle", idle);
            figures(row, "training", training);
            figures(row, "idleAgain", again);
            row.put("p99TrainingOverIdle", 2 * training.p99() / (idle.p99() + again.p99()));
            report.row("search while LoRA trains", row);
        }
    }

    /** Something that may be interrupted. */
    private interface Measured {
        Latencies measure() throws InterruptedException;
    }

    private static Latencies whileTraining(Path data, Path work, Measured measured)
            throws IOException, InterruptedException {
        TrainingClaims claims = TrainingClaims.read(data);
        SnapshotFolder.write(work.resolve("snapshot"), claims.train(), claims.validation());
        TrainingJob job = new TrainingJob(
                work.resolve("snapshot"), work.resolve("model"), TrainingConfig.lora("beside-searches", 1));
        AtomicBoolean enough = new AtomicBoolean();
        Steps steps = new Steps();
        Thread trainer = Thread.ofPlatform().name("training").start(() -> train(job, work, steps, enough));
        if (!steps.first.await(LONGEST_START_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the training has not taken a step");
        }
        Latencies found = measured.measure();
        if (!trainer.isAlive()) {
            throw new IllegalStateException("the training was over before the searches were");
        }
        enough.set(true);
        trainer.join();
        return found;
    }

    private static void train(TrainingJob job, Path work, TrainingProgress steps, AtomicBoolean enough) {
        try {
            var unused = new LoraTrainer(EncoderFiles.miniLm(work.resolve("base")), work.resolve("natives"))
                    .train(job, steps, Cancellation.by(enough));
        } catch (RuntimeException e) {
            if (!enough.get()) {
                throw e;
            }
        }
    }

    /** Until the first step is done, the trainer reads and compiles. */
    private static final class Steps implements TrainingProgress {
        private final CountDownLatch first = new CountDownLatch(1);

        @Override
        public void report(TrainingReport report) {
            if (report.loss() != null) {
                first.countDown();
            }
        }
    }

    private static Latencies search(BenchServer server, List<String> queries, int count) throws InterruptedException {
        double[] millis = new double[count];
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = began + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS * i);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            if (server.search(queries.get(i % queries.size()), 10, Map.of()).isEmpty()) {
                throw new IllegalStateException("a search found nothing");
            }
            millis[i] = (System.nanoTime() - due) / 1e6;
        }
        return Latencies.of(millis);
    }

    private static void figures(Map<String, Object> row, String name, Latencies latencies) {
        row.put(name + "P50Millis", latencies.p50());
        row.put(name + "P99Millis", latencies.p99());
    }
}
