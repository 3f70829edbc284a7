package io.palimpsest.bench;

import io.palimpsest.bench.PythonBaseline.Cost;
import io.palimpsest.contracts.id.ContentHash;
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
import io.palimpsest.testkit.history.DocumentHistory;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Bulk ingest, from the POST to all of it searchable, beside the embedder alone on the very same passages: of SciFact's
 * abstracts, of one passage each, where every other step costs the most beside the embedding, and of Kubernetes
 * enhancement proposals, of some twenty passages each. Slice by slice both sides take turns, so that other load on the
 * machine falls on both: the ratio counts. On a machine that others use too, the ratio of this process's processor time
 * says what remains where they do not.
 */
final class IngestBench {
    /** Until then the compiler of the JVM takes as much of the machine as the embedder. */
    private static final int WARM_UP = 1000;

    /** Proposals take other paths than abstracts: tables, lists, the lane of large documents. */
    private static final int PROPOSALS_WARM_UP = 150;

    private static final int SLICES = 2;
    /** Texts in one call of the embedder alone: more than it needs to fill its batches. */
    private static final int CALL = 512;

    private final Report report;

    IngestBench(Report report) {
        this.report = report;
    }

    /** @param abstracts how many of SciFact's are measured; a fifth as many proposals */
    void run(Path data, int abstracts, Map<String, String> settings) throws IOException, InterruptedException {
        List<Map.Entry<String, String>> scifact = scifact(data.resolve("scifact"), WARM_UP + abstracts);
        List<Map.Entry<String, String>> proposals =
                proposals(data.resolve("k8s-keps"), PROPOSALS_WARM_UP + abstracts / 5);
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
                PassageCutter cutter = new PassageCutter(PassagePolicy.standard(), tokenizer::count);
                List<Map.Entry<String, String>> warmUp = scifact.subList(0, WARM_UP);
                ingest(server, warmUp, WARM_UP);
                embed(alone, texts(cutter, warmUp));
                measure(
                        "scifact",
                        server,
                        alone,
                        cutter,
                        scifact.subList(WARM_UP, scifact.size()),
                        texts(cutter, warmUp),
                        WARM_UP);
                List<Map.Entry<String, String>> first = proposals.subList(0, PROPOSALS_WARM_UP);
                ingest(server, first, scifact.size() + PROPOSALS_WARM_UP);
                measure(
                        "k8s-keps",
                        server,
                        alone,
                        cutter,
                        proposals.subList(PROPOSALS_WARM_UP, proposals.size()),
                        texts(cutter, first),
                        scifact.size() + PROPOSALS_WARM_UP);
                report.row("ingest, seconds by stage", stages(server));
            }
        }
    }

    /** Id to Markdown. */
    static List<Map.Entry<String, String>> scifact(Path folder, int count) throws IOException {
        return TestCollection.scifact(folder).documents().stream()
                .limit(count)
                .map(d -> Map.entry(d.id(), "# " + d.title() + "\n\n" + d.text() + "\n"))
                .toList();
    }

    private static List<Map.Entry<String, String>> proposals(Path folder, int count)
            throws IOException, InterruptedException {
        try (TemporaryDirectory work = TemporaryDirectory.create("history");
                DocumentHistory history = DocumentHistory.open(folder, work.path())) {
            return history.finalTree().entrySet().stream()
                    .sorted(Comparator.comparing(entry -> ContentHash.ofText(entry.getKey())))
                    .limit(count)
                    .map(entry -> Map.entry(
                            entry.getKey(), new String(history.content(entry.getValue()), StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    /**
     * @param known texts that the server has embedded
     * @param received by the server before
     */
    private void measure(
            String collection,
            BenchServer server,
            OnnxEmbedder alone,
            PassageCutter cutter,
            List<Map.Entry<String, String>> documents,
            List<String> known,
            int received)
            throws InterruptedException {
        int slice = Math.max(1, (documents.size() + SLICES - 1) / SLICES);
        Cost ingestCost = new Cost(0, 0);
        Cost embedCost = new Cost(0, 0);
        long passages = 0;
        Set<String> seen = new HashSet<>(known);
        for (int from = 0; from < documents.size(); from += slice) {
            List<Map.Entry<String, String>> batch = documents.subList(from, Math.min(documents.size(), from + slice));
            long before = passagesEmbedded(server);
            Cost ingest = ingest(server, batch, received + from + batch.size());
            List<String> texts = texts(cutter, batch).stream().filter(seen::add).toList();
            Cost embedded = embed(alone, texts);
            ingestCost = sum(ingestCost, ingest);
            embedCost = sum(embedCost, embedded);
            passages += texts.size();
            report.row("ingest", row(collection, batch.size(), texts.size(), ingest, embedded));
            long counted = passagesEmbedded(server) - before;
            if (counted != texts.size()) {
                throw new IllegalStateException("the server embedded " + counted + " passages, not " + texts.size());
            }
        }
        Map<String, Object> total = row(collection, documents.size(), passages, ingestCost, embedCost);
        total.put("part", "all");
        report.row("ingest", total);
    }

    /** @param received by the server when these are through */
    static Cost ingest(BenchServer server, List<Map.Entry<String, String>> batch, int received)
            throws InterruptedException {
        Map<String, String> documents = new LinkedHashMap<>();
        batch.forEach(document -> documents.put(document.getKey(), document.getValue()));
        long cpu = EmbeddingBench.processCpuNanos();
        long began = System.nanoTime();
        server.publish(documents);
        server.awaitIdle(received);
        return new Cost((System.nanoTime() - began) / 1e9, (EmbeddingBench.processCpuNanos() - cpu) / 1e9);
    }

    /** What is embedded of these documents, each once. */
    static List<String> texts(PassageCutter cutter, List<Map.Entry<String, String>> batch) {
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, String> document : batch) {
            var extracted = MarkdownBlocks.read(document.getValue());
            cutter.cut(extracted).passages().forEach(passage -> texts.add(passage.embeddedTextIn(extracted)));
        }
        return texts.stream().distinct().toList();
    }

    static Cost embed(OnnxEmbedder alone, List<String> texts) {
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

    private static Map<String, Object> row(
            String collection, int documents, long passages, Cost ingest, Cost embedded) {
        Map<String, Object> row = new TreeMap<>();
        row.put("collection", collection);
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
