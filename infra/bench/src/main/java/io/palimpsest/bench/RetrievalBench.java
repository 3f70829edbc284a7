package io.palimpsest.bench;

import io.palimpsest.retrain.evaluate.Measures;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * nDCG@10 on SciFact and Cranfield through the whole pipeline: documents are published as events, extracted, cut,
 * embedded and indexed, then searched over HTTP. Also the speed of the bulk ingest.
 */
final class RetrievalBench {
    private static final int K = 10;
    /** Few, for each reranks dozens of passages. */
    private static final int RERANKED_QUERIES = 50;

    private static final Map<String, Map<String, Object>> VARIANTS = new LinkedHashMap<>();
    private static final Map<String, Map<String, Object>> RERANKED = new LinkedHashMap<>();

    static {
        VARIANTS.put("keyword", Map.of("mode", "keyword"));
        VARIANTS.put("vector", Map.of("mode", "vector"));
        VARIANTS.put("hybrid, reciprocal ranks", Map.of("fusion", "ranks"));
        VARIANTS.put("hybrid, scores (default)", Map.of());
        for (int weight = 2; weight <= 8; weight++) {
            VARIANTS.put("hybrid, scores, weight 0." + weight, Map.of("vectorWeight", weight / 10.0));
        }
        RERANKED.put("hybrid", Map.of("rerank", false));
        RERANKED.put("hybrid, reranked", Map.of("rerank", true));
    }

    private final Report report;

    RetrievalBench(Report report) {
        this.report = report;
    }

    void run(Path data, Map<String, String> settings) throws IOException, InterruptedException {
        measure(List.of(TestCollection.cranfield(data.resolve("cranfield"))), settings);
        Path scifact = data.resolve("scifact");
        measure(List.of(TestCollection.scifact(scifact), TestCollection.scifactTraining(scifact)), settings);
    }

    /** @param collections of the same documents */
    private void measure(List<TestCollection> collections, Map<String, String> settings)
            throws IOException, InterruptedException {
        TestCollection published = collections.getFirst();
        try (BenchServer server = BenchServer.start(BenchServer.emptyDirectory(), settings)) {
            Map<String, String> documents = new LinkedHashMap<>();
            published.documents().forEach(d -> documents.put(d.id(), "# " + d.title() + "\n\n" + d.text() + "\n"));
            long start = System.nanoTime();
            server.publish(documents);
            server.awaitIdle(documents.size());
            Duration ingest = Duration.ofNanos(System.nanoTime() - start);
            report.row(
                    "retrieval",
                    Map.of(
                            "collection",
                            published.name(),
                            "documents",
                            documents.size(),
                            "ingestSeconds",
                            ingest.toMillis() / 1000.0,
                            "documentsPerSecond",
                            documents.size() * 1000.0 / ingest.toMillis()));
            for (TestCollection collection : collections) {
                search(collection, server, VARIANTS);
            }
            search(published.firstQueries(RERANKED_QUERIES), server, RERANKED);
        }
    }

    private void search(TestCollection collection, BenchServer server, Map<String, Map<String, Object>> variants) {
        for (Map.Entry<String, Map<String, Object>> variant : variants.entrySet()) {
            report.row(
                    "retrieval",
                    Map.of(
                            "collection", collection.name(),
                            "variant", variant.getKey(),
                            "queries", collection.qrels().size(),
                            "ndcgAt10", ndcg(collection, server, variant.getValue())));
        }
    }

    private static double ndcg(TestCollection collection, BenchServer server, Map<String, Object> options) {
        double sum = 0;
        for (Map.Entry<String, Map<String, Integer>> judged : collection.qrels().entrySet()) {
            List<String> ranking = server.search(collection.queries().getOrDefault(judged.getKey(), ""), K, options);
            sum += Measures.ndcgAtK(ranking, judged.getValue(), K);
        }
        return sum / collection.qrels().size();
    }
}
