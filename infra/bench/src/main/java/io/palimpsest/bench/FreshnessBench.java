package io.palimpsest.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Event to searchable for a one-paragraph edit on an idle system: from the POST until a search shows the new word. */
final class FreshnessBench {
    private static final int DOCUMENTS = 200;
    static final int WARM_UP = 20;
    private static final int EDITS = 200;
    private static final int PARAGRAPHS = 12;

    private final Report report;

    FreshnessBench(Report report) {
        this.report = report;
    }

    /** The engines inside the JVM. */
    void run(Map<String, String> settings) throws IOException, InterruptedException {
        run("embedded", settings);
    }

    void runReal(Map<String, String> given) throws IOException, InterruptedException, SQLException {
        try (RealEngines engines = RealEngines.start()) {
            Map<String, String> settings = engines.settings();
            settings.putAll(given);
            run("real", settings);
        }
    }

    private void run(String engines, Map<String, String> settings) throws IOException, InterruptedException {
        try (BenchServer server = BenchServer.start(BenchServer.emptyDirectory(), settings)) {
            prepare(server);
            double[] millis = new double[EDITS];
            for (int i = 0; i < EDITS; i++) {
                millis[i] = edit(server, WARM_UP + i);
            }
            Map<String, Object> row = new TreeMap<>(edits(Latencies.of(millis)));
            row.put("engines", engines);
            report.row("freshness", row);
        }
    }

    static Map<String, Object> edits(Latencies latencies) {
        return Map.of(
                "edits", latencies.count(),
                "p50Millis", latencies.p50(),
                "p99Millis", latencies.p99(),
                "maxMillis", latencies.max());
    }

    /** Publishes what is edited, and edits some of it. */
    static void prepare(BenchServer server) throws InterruptedException {
        Map<String, String> documents = new LinkedHashMap<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.put("doc-" + i, document(i, "initial"));
        }
        server.publish(documents);
        server.awaitIdle(DOCUMENTS);
        for (int i = 0; i < WARM_UP; i++) {
            edit(server, i);
        }
    }

    /** Publishes an edit with a word of its own and asks for that word until it is found. */
    static double edit(BenchServer server, int number) throws InterruptedException {
        int target = number % DOCUMENTS;
        String word = "zq" + Integer.toString(number + 1_000_000, 36);
        long start = System.nanoTime();
        server.client()
                .post(
                        "/v1/changes",
                        "application/cloudevents+json",
                        io.palimpsest.contracts.event.Json.write(server.event(
                                "doc-" + target, "io.palimpsest.document.updated", document(target, word))));
        while (!server.shows(word)) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(30)) {
                throw new IllegalStateException("edit " + number + " is not searchable after 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static String document(int number, String word) {
        StringBuilder text = new StringBuilder("# Document " + number + "\n");
        for (int p = 0; p < PARAGRAPHS; p++) {
            text.append("\nParagraph ")
                    .append(p)
                    .append(" of document ")
                    .append(number)
                    .append(" describes procedure ")
                    .append(number * 31 + p)
                    .append(", its owner, its schedule and the steps to take when it does not complete in time. ")
                    .append("The team on call reads it first and writes down what was different this time.");
            if (p == PARAGRAPHS / 2) {
                text.append(" Marker ").append(word).append('.');
            }
            text.append('\n');
        }
        return text.toString();
    }
}
