package io.palimpsest.retrain.tune.lora;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.HardNegatives;
import io.palimpsest.retrain.tune.SnapshotFolder;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingLoop;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.encoder.OnnxEncoder;
import io.palimpsest.retrain.tune.encoder.OnnxFile;
import io.palimpsest.retrain.tune.jvm.TrainingProgram;
import io.palimpsest.retrain.tune.jvm.TrainingTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** LoRA from snapshot to model: prepare, mine, train, merge, verify. */
final class LoraProgram implements TrainingProgram {
    /** Enough to see a loss turn; a look costs about as much as two steps. */
    private static final int VALIDATION_QUERIES = 200;

    @Override
    public void train(TrainingTask task, TrainingProgress progress) throws IOException {
        progress.report(TrainingReport.of("prepare", 0, 0));
        TrainingConfig config = task.config();
        SnapshotFolder snapshot = SnapshotFolder.open(task.snapshot());
        OnnxFile base = OnnxFile.read(task.base().fp32());
        float scale = (float) (config.alpha() / config.rank());
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(task.natives());
                Encoder encoder = new Encoder(base, task.base().heads(), scale)) {
            LoraTexts train = LoraTexts.of(snapshot.train(), tokenizer, config.maxTokens());
            LoraTexts validation =
                    LoraTexts.of(snapshot.validation().first(VALIDATION_QUERIES), tokenizer, config.maxTokens());
            Parity parity = new Parity(encoder, train.passages(), task.limits().threads());
            LoraShape shape = new LoraShape(encoder.layers(), encoder.hidden(), config.rank(), config.alpha());
            parity.require(task.base().fp32(), shape.initial(config.seed()), config.rank(), "the base model");

            LoraSteps steps = new LoraSteps(config, train, validation, mine(task, train, progress), encoder, progress);
            new TrainingLoop(config, task.limits(), progress, task.work().resolve("checkpoint")).run(steps);

            progress.report(TrainingReport.of("merge", steps.count(), steps.count()));
            merge(task, base, shape, steps.weights());
            progress.report(TrainingReport.of("verify", steps.count(), steps.count()));
            Path merged = task.model().resolve(ModelManifest.ENCODER);
            parity.require(merged, steps.weights(), config.rank(), "the merged model");
            new TrainingFrame.Draft(
                            ModelManifest.Kind.ENCODER,
                            encoder.hidden(),
                            task.base().maxTokens())
                    .write(task.model());
        }
    }

    private static List<List<Integer>> mine(TrainingTask task, LoraTexts train, TrainingProgress progress) {
        try (OnnxEncoder onnx =
                new OnnxEncoder(task.base().fp32(), task.limits().threads())) {
            List<float[]> queries = vectors(train.queries(), onnx, progress);
            List<float[]> passages = vectors(train.passages(), onnx, progress);
            return HardNegatives.mine(train.set(), queries, passages);
        }
    }

    private static List<float[]> vectors(List<long[]> texts, OnnxEncoder onnx, TrainingProgress progress) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (long[] ids : texts) {
            vectors.add(onnx.embed(ids));
            // Each a sign of life.
            if (vectors.size() % 200 == 0 || vectors.size() == texts.size()) {
                progress.report(TrainingReport.of("mine", 0, 0));
            }
        }
        return vectors;
    }

    private static void merge(TrainingTask task, OnnxFile base, LoraShape shape, List<float[]> weights)
            throws IOException {
        Path int8 = task.base().int8();
        new Merger(base, shape, weights)
                .merge(
                        task.base().fp32(),
                        task.model().resolve(ModelManifest.ENCODER),
                        int8,
                        task.model().resolve(ModelManifest.ENCODER_INT8));
        Files.write(
                task.model().resolve(ModelManifest.ADAPTER),
                shape.toSafetensors(weights).toBytes());
    }
}
