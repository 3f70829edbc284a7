package io.palimpsest.bench;

import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.contracts.model.Safetensors;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.JudgedPair;
import io.palimpsest.retrain.tune.KnownVectors;
import io.palimpsest.retrain.tune.SnapshotFolder;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.adapter.AdapterTrainer;
import io.palimpsest.retrain.tune.adapter.LowRankAdapter;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The query adapter on SciFact's 800 training claims: seconds from start to verified model, with vectors at hand as a serving
 * index has them, and nDCG@10 before and after on the same index: all test claims, most of which share documents with those of
 * the training, those that do not, and Cranfield.
 */
final class AdapterBench {
    private static final long SEED = 1;

    private final Report report;

    AdapterBench(Report report) {
        this.report = report;
    }

    /**
     * @param documents at most as many of each collection are searched
     * @param steps at most; 0: as many as the epochs have
     */
    void run(Path data, int documents, int steps) throws IOException {
        Path work = BenchServer.emptyDirectory();
        TrainingClaims claims = TrainingClaims.read(data);
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(work.resolve("natives"));
                OnnxEmbedder base = new OnnxEmbedder(OnnxModel.miniLm(Precision.FP32, work), tokenizer)) {
            SnapshotFolder.write(work.resolve("snapshot"), claims.train(), claims.validation(), vectors(claims, base));
            TrainingConfig config = TrainingConfig.adapter("scifact", SEED).withMaxSteps(steps);
            TrainingJob job = new TrainingJob(work.resolve("snapshot"), work.resolve("model"), config);
            train(job, work, claims);
            Embedder adapted = adapted(base, job.output());
            Map<String, Embedder> sides = new LinkedHashMap<>();
            sides.put("base", base);
            sides.put("adapted", adapted);
            Map<String, TunedRetrieval.Scores> scores =
                    new TunedRetrieval(claims.measured(), documents, tokenizer).measure(base, sides);
            TunedRetrieval.Scores before = scores.get("base");
            TunedRetrieval.Scores after = scores.get("adapted");
            if (before != null && after != null) {
                TunedRetrieval.report(report, "adapter", claims.measured(), before, after);
            }
        }
    }

    private void train(TrainingJob job, Path work, TrainingClaims claims) {
        ChildCosts costs = new ChildCosts();
        EncoderFiles files = EncoderFiles.miniLm(work.resolve("base"));
        long start = System.nanoTime();
        new AdapterTrainer(files, work.resolve("natives")).train(job, costs, Cancellation.never());
        report.row(
                "adapter",
                Map.of(
                        "queries",
                                claims.train().stream()
                                        .map(JudgedPair::queryId)
                                        .distinct()
                                        .count(),
                        "seconds", (System.nanoTime() - start) / 1e9,
                        "cpuSeconds", costs.cpuSeconds(),
                        "steps", costs.steps()));
    }

    private static List<KnownVectors.Line> vectors(TrainingClaims claims, OnnxEmbedder base) {
        Map<String, String> queries = new LinkedHashMap<>();
        Map<String, String> passages = new LinkedHashMap<>();
        for (List<JudgedPair> slice : List.of(claims.train(), claims.validation())) {
            slice.forEach(pair -> queries.put(pair.queryId(), pair.query()));
            slice.forEach(pair -> passages.put(pair.passageId(), pair.text()));
        }
        List<KnownVectors.Line> lines = new ArrayList<>();
        List<String> queryIds = List.copyOf(queries.keySet());
        List<float[]> embedded = base.embed(List.copyOf(queries.values()));
        for (int i = 0; i < queryIds.size(); i++) {
            lines.add(new KnownVectors.Line(queryIds.get(i), null, embedded.get(i)));
        }
        List<String> passageIds = List.copyOf(passages.keySet());
        embedded = base.embed(List.copyOf(passages.values()));
        for (int i = 0; i < passageIds.size(); i++) {
            lines.add(new KnownVectors.Line(null, passageIds.get(i), embedded.get(i)));
        }
        return lines;
    }

    private static Embedder adapted(OnnxEmbedder base, Path model) throws IOException {
        LowRankAdapter adapter =
                LowRankAdapter.of(Safetensors.of(Files.readAllBytes(model.resolve(ModelManifest.ADAPTER))));
        return new Embedder() {
            @Override
            public ModelId model() {
                return base.model();
            }

            @Override
            public int dimensions() {
                return base.dimensions();
            }

            @Override
            public int maxTokens() {
                return base.maxTokens();
            }

            @Override
            public List<float[]> embed(List<String> texts) {
                return base.embed(texts).stream().map(adapter::apply).toList();
            }

            @Override
            public void close() {
                // the base is its maker's
            }
        };
    }
}
