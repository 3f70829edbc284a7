package io.palimpsest.bench;

import io.palimpsest.bench.PythonBaseline.Cost;
import io.palimpsest.standalone.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ledger costs bulk ingest: two servers in this process, one of them without it, take turns with the same abstracts, so
 * that other load on the machine falls on both. What the one does while the other's turn is measured (its log is a quarter of a
 * second behind) counts against both.
 */
final class LedgerCostBench {
    private static final int WARM_UP = 500;
    private static final int SLICE = 125;

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
                BenchServer without =
                        BenchServer.start(work.path().resolve("without"), Map.of("services", "ingest,index"))) {
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
        }
    }

    private static Cost sum(Cost a, Cost b) {
        return new Cost(a.seconds() + b.seconds(), a.cpuSeconds() + b.cpuSeconds());
    }
}
