package io.palimpsest.bench;

import io.palimpsest.platform.retry.Condition;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One index service against two, in this JVM, on real engines: each time a new index in Weaviate is filled from the same
 * revisions, with all vectors in the cache. Counts passages per second between a fifth and four fifths of them, when all
 * services are at work; start and rebalance are not in it.
 */
final class IndexersBench {
    private static final int DOCUMENTS = 1_000;
    /** Documents share texts, so that few are to be embedded. */
    private static final int TEXTS = 50;

    private static final int PARAGRAPHS = 12;
    private static final int ROUNDS = 2;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private final Report report;

    IndexersBench(Report report) {
        this.report = report;
    }

    void run(Map<String, String> given) throws IOException, InterruptedException, SQLException, ExecutionException {
        try (RealEngines engines = RealEngines.start()) {
            Path shared = BenchServer.emptyDirectory();
            Map<String, String> settings = engines.settings();
            settings.put("content.dir", shared.resolve("content").toString());
            settings.put("content.master.key.file", shared.resolve("master.key").toString());
            settings.putAll(given);
            double passages = fill(settings);
            for (int round = 1; round <= ROUNDS; round++) {
                Rate one = fresh(engines, settings, 1, passages);
                Rate two = fresh(engines, settings, 2, passages);
                report.row(
                        "indexers",
                        Map.of(
                                "round", round,
                                "passages", passages,
                                "oneServicePerSecond", one.perSecond(),
                                "twoServicesPerSecond", two.perSecond(),
                                "ratio", two.perSecond() / one.perSecond(),
                                "processorsWithOne", one.processors().toString(),
                                "processorsWithTwo", two.processors().toString()));
            }
        }
    }

    /** @return passages that an index holds in the end */
    private static double fill(Map<String, String> settings) throws IOException, InterruptedException {
        try (BenchServer server = BenchServer.start(BenchServer.emptyDirectory(), settings)) {
            for (int from = 0; from < DOCUMENTS; from += TEXTS) {
                Map<String, String> documents = new LinkedHashMap<>();
                for (int i = 0; i < TEXTS; i++) {
                    documents.put("doc-" + (from + i), text(i));
                }
                server.publish(documents);
            }
            server.awaitIdle(DOCUMENTS);
            return indexed(List.of(server));
        }
    }

    /** @param processors as {@link ProcessorTime#shares} */
    private record Rate(double perSecond, Map<String, Double> processors) {}

    private static Rate fresh(RealEngines engines, Map<String, String> settings, int services, double passages)
            throws IOException, InterruptedException, ExecutionException {
        List<BenchServer> servers = new ArrayList<>();
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, String> all = new LinkedHashMap<>(settings);
            all.put("index.weaviate.prefix", engines.settings().get("index.weaviate.prefix"));
            all.put("services", "index");
            List<Future<BenchServer>> starting = new ArrayList<>();
            for (int i = 1; i <= services; i++) {
                Map<String, String> own = new LinkedHashMap<>(all);
                own.put("instance.name", "index-" + i);
                Path dataDir = BenchServer.emptyDirectory();
                starting.add(starters.submit(() -> BenchServer.start(dataDir, own)));
            }
            for (Future<BenchServer> each : starting) {
                servers.add(each.get());
            }
            return rate(servers, passages);
        } finally {
            servers.forEach(BenchServer::close);
        }
    }

    private static Rate rate(List<BenchServer> servers, double passages) throws InterruptedException {
        double from = reached(servers, passages / 5);
        long began = System.nanoTime();
        ProcessorTime used = new ProcessorTime();
        double to = reached(servers, passages * 4 / 5);
        return new Rate((to - from) / ((System.nanoTime() - began) / 1e9), used.shares());
    }

    private static double reached(List<BenchServer> servers, double passages) throws InterruptedException {
        if (!Condition.await(() -> indexed(servers) >= passages, LONGEST_WAIT, Duration.ofMillis(50))) {
            throw new IllegalStateException("only " + indexed(servers) + " of " + passages + " passages are indexed");
        }
        return indexed(servers);
    }

    /** Passages that became searchable since the start. */
    private static double indexed(List<BenchServer> servers) {
        return servers.stream()
                .flatMap(server -> server.metrics().lines())
                .filter(line -> line.startsWith("palimpsest_passages_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String text(int number) {
        StringBuilder text = new StringBuilder("# Procedure " + number + "\n");
        for (int paragraph = 0; paragraph < PARAGRAPHS; paragraph++) {
            text.append("\n## Step ")
                    .append(number)
                    .append('.')
                    .append(paragraph)
                    .append("\n\n");
            for (int sentence = 0; sentence < 10; sentence++) {
                text.append("In case ")
                        .append(number * 131 + paragraph * 17 + sentence)
                        .append(" the team on call reads the instruction first and writes down what was different. ");
            }
            text.append('\n');
        }
        return text.toString();
    }
}
