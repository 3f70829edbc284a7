package io.palimpsest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.bench.PythonBaseline.Cost;
import io.palimpsest.standalone.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ledger costs bulk ingest: two servers in this process, one of them without it, take turns with the same abstracts, so
 * that other load on the machine falls on both. What the one does while the other's turn is measured (its log is a quarter of a
 * second behind) counts against both. Then searches of both, one by one: those of the one leave receipts.
 */
final class LedgerCostBench {
    private static final int WARM_UP = 500;
    private static final int SLICE = 125;
    private static final int WORDS = 8;
    private static final int SEARCHES = 600;
    private static final int SEARCHES_WARM_UP = 200;

    private final Report report;

    LedgerCostBench(Report report) {
        this.report = report;
    }

    /** @param abstracts of SciFact that are measured */
    void run(Path data, int abstracts) throws IOException, InterruptedException {
        List<Map.Entry<String, String>> documents = IngestBench.scifact(data.resolve("scifact"), WARM_UP + abstracts);
        try (TemporaryDirectory work = TemporaryDirectory.create("ledger-cost");
                BenchServer with =
                        BenchServer.start(work.path().resolve("with"), Map.of("services", "ingest,index,ledger"));
                BenchServer without = BenchServer.start(
                        work.path().resolve("without"),
                        Map.of("services", "ingest,index", "ledger.receipts", "false"))) {
            List<Map.Entry<String, String>> warmUp = documents.subList(0, WARM_UP);
            IngestBench.ingest(with, warmUp, WARM_UP);
            IngestBench.ingest(without, warmUp, WARM_UP);
            Cost on = new Cost(0, 0);
            Cost off = new Cost(0, 0);
            boolean first = true;
            for (int from = WARM_UP; from < documents.size(); from += SLICE) {
                int to = Math.min(documents.size(), from + SLICE);
                List<Map.Entry<String, String>> slice = documents.subList(from, to);
                if (first) {
                    on = sum(on, IngestBench.ingest(with, slice, to));
                }
                off = sum(off, IngestBench.ingest(without, slice, to));
                if (!first) {
                    on = sum(on, IngestBench.ingest(with, slice, to));
                }
                first = !first;
            }
            Map<String, Object> row = new TreeMap<>();
            row.put("documents", abstracts);
            row.put("secondsWith", on.seconds());
            row.put("secondsWithout", off.seconds());
            row.put("withOverWithout", on.seconds() / off.seconds());
            row.put("processorTimeWithOverWithout", on.cpuSeconds() / off.cpuSeconds());
            report.row("ledger-cost", row);
            searches(with, without, documents);
        }
    }

    private void searches(BenchServer with, BenchServer without, List<Map.Entry<String, String>> documents) {
        double[] on = new double[SEARCHES];
        double[] off = new double[SEARCHES];
        for (int i = -SEARCHES_WARM_UP; i < SEARCHES; i++) {
            String question = question(
                    documents.get((i + SEARCHES_WARM_UP) % documents.size()).getValue());
            boolean onFirst = i % 2 == 0;
            double first = onFirst ? millis(with, question) : 0;
            double second = millis(without, question);
            double own = onFirst ? first : millis(with, question);
            if (i >= 0) {
                on[i] = own;
                off[i] = second;
            }
        }
        Map<String, Object> row = new TreeMap<>();
        row.put("searches", SEARCHES);
        row.put("p50MillisWith", Latencies.of(on).p50());
        row.put("p50MillisWithout", Latencies.of(off).p50());
        row.put("p99MillisWith", Latencies.of(on).quantile(0.99));
        row.put("p99MillisWithout", Latencies.of(off).quantile(0.99));
        report.row("receipts-cost", row);
    }

    /** The last words of a text; each is another question, so no answer is at hand. */
    private static String question(String text) {
        String[] words = text.split("\\s+");
        return String.join(" ", Arrays.copyOfRange(words, Math.max(0, words.length - WORDS), words.length));
    }

    private static double millis(BenchServer server, String question) {
        long began = System.nanoTime();
        JsonNode found = server.client().post("/v1/collections/default/search", Map.of("query", question));
        double millis = (System.nanoTime() - began) / 1e6;
        if (found.path("hits").isEmpty()) {
            throw new IllegalStateException("nothing was found");
        }
        return millis;
    }

    private static Cost sum(Cost a, Cost b) {
        return new Cost(a.seconds() + b.seconds(), a.cpuSeconds() + b.cpuSeconds());
    }
}
