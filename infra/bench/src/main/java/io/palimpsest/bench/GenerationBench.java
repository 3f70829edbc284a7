package io.palimpsest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.bench.PythonBaseline.Cost;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.standalone.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A new generation beside the live one, of SciFact's abstracts: how fast it is embedded beside the embedder alone on the same
 * passages, before and after it in the same run, and how soon an edit shows in the live one while another is built.
 */
final class GenerationBench {
    private static final String GENERATIONS = "/v1/collections/default/generations";
    private static final int WARM_UP = 200;
    private static final int DIMENSIONS = 384;
    private static final int MAX_TOKENS = 512;
    private static final long EDIT_EVERY_MILLIS = 500;
    private static final long POLL_MILLIS = 250;

    private final Report report;

    GenerationBench(Report report) {
        this.report = report;
    }

    void run(Path data, int documents, Map<String, String> settings) throws IOException, InterruptedException {
        List<Map.Entry<String, String>> abstracts = IngestBench.scifact(data.resolve("scifact"), documents);
        try (TemporaryDirectory work = TemporaryDirectory.create("generation-bench");
                EmbedderTokenizer tokenizer =
                        EmbedderTokenizer.miniLm(work.path().resolve("natives"))) {
            OnnxModel model = OnnxModel.miniLm(Precision.FP32, work.path().resolve("models"));
            try (OnnxEmbedder alone = new OnnxEmbedder(model, tokenizer);
                    BenchServer server = BenchServer.start(work.path().resolve("data"), settings)) {
                List<String> texts =
                        IngestBench.texts(new PassageCutter(PassagePolicy.standard(), tokenizer::count), abstracts);
                IngestBench.ingest(server, abstracts, documents);
                IngestBench.embed(alone, texts.subList(0, Math.min(WARM_UP, texts.size())));
                Cost before = IngestBench.embed(alone, texts);
                String first = copy(server, model, work.path(), "first");
                Cost build = build(server, first);
                Cost after = IngestBench.embed(alone, texts);
                report.row("generation", row(texts.size(), build, before, after));
                edits(server, copy(server, model, work.path(), "second"));
            }
        }
    }

    private static Map<String, Object> row(int passages, Cost build, Cost before, Cost after) {
        double alone = (before.seconds() + after.seconds()) / 2;
        double aloneCpu = (before.cpuSeconds() + after.cpuSeconds()) / 2;
        Map<String, Object> row = new TreeMap<>();
        row.put("passages", passages);
        row.put("buildPassagesPerSecond", passages / build.seconds());
        row.put("embedderAlonePassagesPerSecond", passages / alone);
        row.put("buildOverEmbedderAlone", alone / build.seconds());
        row.put("processorTimeOfEmbedderAloneOverBuild", aloneCpu / build.cpuSeconds());
        return row;
    }

    /** The same model by another name: nothing of it is in the cache of embeddings. */
    private static String copy(BenchServer server, OnnxModel model, Path work, String name) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Files.copy(model.file(), folder.resolve(ModelManifest.ENCODER));
        SortedMap<String, ContentHash> files = new TreeMap<>(Map.of(ModelManifest.ENCODER, model.hash()));
        Files.write(
                folder.resolve(ModelManifest.FILE),
                Json.write(new ModelManifest(
                        ModelManifest.idOf(name, "fp32", files),
                        ModelManifest.Kind.ENCODER,
                        null,
                        DIMENSIONS,
                        MAX_TOKENS,
                        files,
                        null,
                        null,
                        "bench")));
        return server.models().put(folder).id().value();
    }

    private static Cost build(BenchServer server, String model) throws InterruptedException {
        long cpu = EmbeddingBench.processCpuNanos();
        long began = System.nanoTime();
        String made = make(server, model);
        while (!isReady(server, made)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        Cost cost = new Cost((System.nanoTime() - began) / 1e9, (EmbeddingBench.processCpuNanos() - cpu) / 1e9);
        server.client().delete(GENERATIONS + "/" + made);
        return cost;
    }

    private static String make(BenchServer server, String model) {
        return server.client()
                .post(GENERATIONS, Map.of("model", model))
                .path("id")
                .asText();
    }

    private static boolean isReady(BenchServer server, String generation) {
        JsonNode now = server.client().get(GENERATIONS + "/" + generation);
        String state = now.path("state").asText();
        if (!state.equals("BUILDING") && !state.equals("READY")) {
            throw new IllegalStateException("the generation is " + state);
        }
        return state.equals("READY");
    }

    /** One paragraph every half second, each searched for until it is found. */
    private void edits(BenchServer server, String model) throws InterruptedException {
        FreshnessBench.prepare(server);
        List<Double> millis = new ArrayList<>();
        String made = make(server, model);
        while (!isReady(server, made)) {
            double took = FreshnessBench.edit(server, FreshnessBench.WARM_UP + millis.size());
            millis.add(took);
            TimeUnit.MILLISECONDS.sleep(Math.max(0, EDIT_EVERY_MILLIS - (long) took));
        }
        if (millis.isEmpty()) {
            throw new IllegalStateException("the generation was built before an edit could be made");
        }
        report.row("generation, edits meanwhile", FreshnessBench.edits(Latencies.of(millis)));
    }
}
