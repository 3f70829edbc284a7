package io.palimpsest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Latency of searches as their callers see it: over HTTP, with the embedding of the query, the check of every hit against the
 * current revision, texts and JSON. One search at a time, of a server that is idle otherwise, ten hits each. The documents are
 * SciFact's sentences, shuffled into paragraphs that no two documents share, so that nothing is embedded twice.
 */
final class SearchHttpBench {
    private static final int PARAGRAPHS = 10;
    /** Of SciFact: about the 90 words that the passages of {@link SearchLatencyBench} have. */
    private static final int SENTENCES = 4;

    private static final int BATCH = 250;
    private static final int WORDS = 8;
    private static final int WARM_UP = 300;
    private static final int QUERIES = 1_000;

    private final Random random = new Random(42);
    private final Report report;

    SearchHttpBench(Report report) {
        this.report = report;
    }

    /** @param documents of about ten passages each */
    void run(Path data, int documents, Map<String, String> settings) throws IOException, InterruptedException {
        List<String> sentences = IngestBench.scifact(data.resolve("scifact"), Integer.MAX_VALUE).stream()
                .flatMap(document -> Stream.of(document.getValue().split("(?<=[.!?])\\s+")))
                .filter(sentence -> !sentence.startsWith("#") && words(sentence).length >= WORDS)
                .toList();
        try (TemporaryDirectory work = TemporaryDirectory.create("search-http");
                BenchServer server = BenchServer.start(work.path(), settings)) {
            long began = System.nanoTime();
            for (int from = 0; from < documents; from += BATCH) {
                Map<String, String> batch = new LinkedHashMap<>();
                for (int i = from; i < Math.min(documents, from + BATCH); i++) {
                    batch.put("doc-" + i, document(sentences));
                }
                server.publish(batch);
                server.awaitIdle(Math.min(documents, from + BATCH));
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            long passages = server.client()
                    .get("/v1/status")
                    .path("total")
                    .path("passagesEmbedded")
                    .asLong();
            report.row(
                    "fill over HTTP",
                    Map.of("documents", documents, "passages", passages, "perSecond", passages / seconds));
            search(server, sentences, "warm-up", "hybrid", WARM_UP);
            for (String mode : List.of("hybrid", "vector", "keyword")) {
                search(server, sentences, mode + " over HTTP", mode, QUERIES);
            }
        }
    }

    private void search(BenchServer server, List<String> sentences, String name, String mode, int count) {
        double[] millis = new double[count];
        Map<String, Double> stages = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String question = question(any(sentences));
            long start = System.nanoTime();
            JsonNode found =
                    server.client().post("/v1/collections/default/search", Map.of("query", question, "mode", mode));
            millis[i] = (System.nanoTime() - start) / 1e6;
            if (found.path("hits").isEmpty()) {
                throw new IllegalStateException("nothing was found for: " + question);
            }
            found.path("tookMillis")
                    .properties()
                    .forEach(stage ->
                            stages.merge(stage.getKey(), stage.getValue().asDouble() / count, Double::sum));
        }
        Map<String, Object> row = Latencies.of(millis).row();
        stages.forEach((stage, mean) -> row.put("mean." + stage + "Millis", mean));
        report.row(name, row);
    }

    private String document(List<String> sentences) {
        StringBuilder text = new StringBuilder();
        for (int paragraph = 0; paragraph < PARAGRAPHS; paragraph++) {
            text.append("## Part ").append(paragraph).append("\n\n");
            for (int i = 0; i < SENTENCES; i++) {
                text.append(any(sentences)).append(' ');
            }
            text.append("\n\n");
        }
        return text.toString();
    }

    /** The last words of a sentence. */
    private static String question(String sentence) {
        String[] words = words(sentence);
        return String.join(" ", Arrays.copyOfRange(words, words.length - WORDS, words.length));
    }

    private static String[] words(String sentence) {
        return sentence.strip().split("\\s+");
    }

    private String any(List<String> sentences) {
        return sentences.get(random.nextInt(sentences.size()));
    }
}
