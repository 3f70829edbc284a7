package io.palimpsest.bench;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.SnapshotFolder;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.lora.LoraTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * LoRA on SciFact's training claims, and on the same claims as people say them to an assistant (a kind of question far from the base
 * model): minutes, CPU seconds a step, and nDCG@10 before and after on unseen documents and on Cranfield (forgetting), vector
 * leg and fused result.
 */
final class LoraBench {
    private static final long SEED = 1;
    /** About 110 steps, as in the trial. */
    private static final int EPOCHS = 5;

    private static final int MAX_TOKENS = 128;

    private final Report report;

    LoraBench(Report report) {
        this.report = report;
    }

    /**
     * @param only {@code scifact} or {@code spoken}; null: both
     * @param documents at most as many of each collection are searched
     * @param steps at most; 0: as many as the epochs have
     */
    void run(Path data, @Nullable String only, int documents, int steps) throws IOException {
        if (only == null || only.equals("scifact")) {
            run("lora", TrainingClaims.read(data), documents, steps);
        }
        if (only == null || only.equals("spoken")) {
            run("lora, spoken", TrainingClaims.spoken(data), documents, steps);
        }
    }

    private void run(String name, TrainingClaims claims, int documents, int steps) throws IOException {
        Path work = BenchServer.emptyDirectory();
        SnapshotFolder.write(work.resolve("snapshot"), claims.train(), claims.validation());
        TrainingJob job = new TrainingJob(work.resolve("snapshot"), work.resolve("model"), config(steps));
        train(name, job, work, claims);
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(work.resolve("natives"));
                OnnxEmbedder base = new OnnxEmbedder(OnnxModel.miniLm(Precision.FP32, work), tokenizer);
                OnnxEmbedder tuned = new OnnxEmbedder(
                        OnnxModel.of("tuned", Precision.FP32, job.output().resolve(ModelManifest.ENCODER)),
                        tokenizer)) {
            TunedRetrieval retrieval = new TunedRetrieval(claims.measured(), documents, tokenizer);
            TunedRetrieval.Scores before =
                    retrieval.measure(base, Map.of("base", base)).get("base");
            TunedRetrieval.Scores after =
                    retrieval.measure(tuned, Map.of("tuned", tuned)).get("tuned");
            if (before != null && after != null) {
                TunedRetrieval.report(report, name, claims.measured(), before, after);
            }
        }
    }

    private static TrainingConfig config(int steps) {
        TrainingConfig lora = TrainingConfig.lora("scifact", SEED);
        return new TrainingConfig(
                lora.name(),
                lora.seed(),
                lora.rank(),
                lora.alpha(),
                lora.learningRate(),
                EPOCHS,
                steps,
                lora.batch(),
                MAX_TOKENS,
                lora.evaluateEvery(),
                lora.patience(),
                TrainingLimits.standard());
    }

    private void train(String name, TrainingJob job, Path work, TrainingClaims claims) {
        ChildCosts costs = new ChildCosts();
        long start = System.nanoTime();
        new LoraTrainer(EncoderFiles.miniLm(work.resolve("base")), work.resolve("natives"))
                .train(job, costs, Cancellation.never());
        report.row(
                name,
                Map.of(
                        "pairs", claims.train().size(),
                        "minutes", (System.nanoTime() - start) / 60e9,
                        "steps", costs.steps(),
                        "cpuSecondsPerStep", costs.cpuSecondsPerStep(),
                        "cpuSeconds", costs.cpuSeconds(),
                        "peakResidentMib", costs.peakResidentMib(),
                        "firstLoss", costs.firstLoss(),
                        "lastLoss", costs.lastLoss(),
                        "validationLoss", costs.validationLoss()));
    }
}
