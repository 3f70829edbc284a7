package io.palimpsest.bench;

import io.palimpsest.bench.PythonBaseline.Cost;
import io.palimpsest.bench.ir.TestCollection;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.config.EmbedSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.standalone.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bulk ingest of SciFact abstracts, from the POST to all of them searchable, beside the embedder alone on the very same
 * passages. Slice by slice both take turns, so that other load on the machine falls on both: the ratio counts. On a
 * machine that others use too, the ratio of this process's processor time says what remains where they do not.
 */
final class IngestBench {
    /** Until then the compiler of the JVM takes as much of the machine as the embedder. */
    private static final int WARM_UP = 300;

    private static final int SLICES = 2;
    /** Texts in one call of the embedder alone: more than it needs to fill its batches. */
    private static final int CALL = 512;

    private final Report report;

    IngestBench(Report report) {
        this.report = report;
    }

    void run(Path data, int documents, Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> all = new LinkedHashMap<>();
        TestCollection.scifact(data.resolve("scifact")).documents().stream()
                .limit(WARM_UP + (long) documents)
                .forEach(d -> all.put(d.id(), "# " + d.title() + "\n\n" + d.text() + "\n"));
        Map<String, String> embed = new LinkedHashMap<>(settings);
        try (TemporaryDirectory work = TemporaryDirectory.create("ingest-bench")) {
            embed.put("data.dir", work.path().toString());
            EmbedSettings wanted = Settings.load(embed).embed();
            Precision precision = Precision.valueOf(wanted.precision().name());
            try (EmbedderTokenizer tokenizer =
                            EmbedderTokenizer.miniLm(work.path().resolve("natives"));
                    OnnxEmbedder alone = new OnnxEmbedder(
                            OnnxModel.miniLm(precision, work.path().resolve("models")), tokenizer, wanted.threads());
                    BenchServer server = BenchServer.start(work.path().resolve("data"), settings)) {
                measure(server, alone, new PassageCutter(PassagePolicy.standard(), tokenizer::count), all);
            }
        }
    }

    private void measure(BenchServer server, OnnxEmbedder alone, PassageCutter cutter, Map<String, String> all)
            throws InterruptedException {
        List<Map.Entry<String, String>> documents = List.copyOf(all.entrySet());
        int slice = Math.max(1, (documents.size() - WARM_UP) / SLICES);
        Cost ingestCost = new Cost(0, 0);
        Cost embedCost = new Cost(0, 0);
        long passages = 0;
        int measured = 0;
        for (int from = 0; from < documents.size(); ) {
            boolean warmUp = from == 0;
            int to = Math.min(documents.size(), warmUp ? WARM_UP : from + slice);
            List<Map.Entry<String, String>> batch = documents.subList(from, to);
            long before = passagesEmbedded(server);
            Cost ingest = ingest(server, batch, to);
            List<String> texts = texts(cutter, batch);
            Cost embedded = embed(alone, texts);
            if (!warmUp) {
                ingestCost = sum(ingestCost, ingest);
                embedCost = sum(embedCost, embedded);
                passages += texts.size();
                measured += batch.size();
                report.row("ingest", row(batch.size(), texts.size(), ingest, embedded));
                long counted = passagesEmbedded(server) - before;
                if (counted != texts.size()) {
                    throw new IllegalStateException(
                            "the server embedded " + counted + " passages, not " + texts.size());
                }
            }
            from = to;
        }
        Map<String, Object> total = row(measured, passages, ingestCost, embedCost);
        total.put("part", "all");
        report.row("ingest", total);
        report.row("ingest, seconds by stage", stages(server));
    }

    /** @param received by the server when these are through */
    private static Cost ingest(BenchServer server, List<Map.Entry<String, String>> batch, int received)
            throws InterruptedException {
        Map<String, String> documents = new LinkedHashMap<>();
        batch.forEach(document -> documents.put(document.getKey(), document.getValue()));
        long cpu = EmbeddingBench.processCpuNanos();
        long began = System.nanoTime();
        server.publish(documents);
        server.awaitIdle(received);
        return new Cost((System.nanoTime() - began) / 1e9, (EmbeddingBench.processCpuNanos() - cpu) / 1e9);
    }

    private static List<String> texts(PassageCutter cutter, List<Map.Entry<String, String>> batch) {
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, String> document : batch) {
            var extracted = MarkdownBlocks.read(document.getValue());
            cutter.cut(extracted).passages().forEach(passage -> texts.add(passage.embeddedTextIn(extracted)));
        }
        return texts.stream().distinct().toList();
    }

    private static Cost embed(OnnxEmbedder alone, List<String> texts) {
        long cpu = EmbeddingBench.processCpuNanos();
        long began = System.nanoTime();
        for (int from = 0; from < texts.size(); from += CALL) {
            List<String> call = texts.subList(from, Math.min(texts.size(), from + CALL));
            if (alone.embed(call).size() != call.size()) {
                throw new IllegalStateException("the embedder left texts out");
            }
        }
        return new Cost((System.nanoTime() - began) / 1e9, (EmbeddingBench.processCpuNanos() - cpu) / 1e9);
    }

    private static Map<String, Object> row(int documents, long passages, Cost ingest, Cost embedded) {
        Map<String, Object> row = new TreeMap<>();
        row.put("documents", documents);
        row.put("passages", passages);
        row.put("ingestDocumentsPerSecond", documents / ingest.seconds());
        row.put("embedderAloneDocumentsPerSecond", documents / embedded.seconds());
        row.put("ingestOverEmbedderAlone", embedded.seconds() / ingest.seconds());
        row.put("processorTimeOfEmbedderAloneOverIngest", embedded.cpuSeconds() / ingest.cpuSeconds());
        return row;
    }

    private static Cost sum(Cost a, Cost b) {
        return new Cost(a.seconds() + b.seconds(), a.cpuSeconds() + b.cpuSeconds());
    }

    private static long passagesEmbedded(BenchServer server) {
        return server.client()
                .get("/v1/status")
                .path("total")
                .path("passagesEmbedded")
                .asLong();
    }

    /** What the server's own timers say of where the time went, warm-up included: sums over threads. */
    private static Map<String, Object> stages(BenchServer server) {
        Map<String, Object> stages = new TreeMap<>();
        for (String line : server.metrics().lines().toList()) {
            int split = line.lastIndexOf(' ');
            if (split > 0 && line.substring(0, split).replaceAll("\\{.*", "").endsWith("_seconds_sum")) {
                String name = line.substring(0, split).replace("_seconds_sum", "");
                double seconds = Double.parseDouble(line.substring(split + 1));
                if (seconds >= 0.05) {
                    stages.put(name.toLowerCase(Locale.ROOT), seconds);
                }
            }
        }
        return stages;
    }
}
