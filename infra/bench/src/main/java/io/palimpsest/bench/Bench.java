package io.palimpsest.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one benchmark by name. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Runs a benchmark, prints a line per figure and, with --json, writes them to a file.")
public final class Bench implements Callable<Integer> {
    /** The benchmarks. */
    enum Name {
        RETRIEVAL,
        INGEST,
        PASSAGES,
        FRESHNESS,
        FOOTPRINT,
        WASTE,
        EMBEDDING,
        SEARCH,
        SEARCH_HTTP,
        INDEXERS,
        WEAVIATE,
        LORA,
        ADAPTER,
        GENERATION,
        TRAINING,
        DRIFT,
        DRIFT_TOPOLOGY,
        LEDGER,
        LEDGER_COST;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Parameters(paramLabel = "NAME", description = "One of: ${COMPLETION-CANDIDATES}")
    Name name = Name.RETRIEVAL;

    @Option(
            names = "--data-sets",
            paramLabel = "DIR",
            description = "Test collections (default: ../shared/data beside the project).")
    @Nullable
    Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    @Nullable
    Path json;

    @Option(
            names = "--documents",
            paramLabel = "N",
            description =
                    "Documents: of each collection for passages (default: all, the judged ones first), published for"
                            + " ingest (default: 1000), searched over HTTP, of ten passages each (default: 5000), imported for weaviate (default: 5000), of the generation that is built (default: 2000), searched while"
                            + " LoRA trains (default: 2000), searched by lora and adapter"
                            + " (default: all, the judged ones first). Windows of each kind and reference for drift"
                            + " (default: 300), queries for drift-topology (default: 200000), abstracts for ledger-cost (default: 1000), entries of the large log for ledger"
                            + " (default: 10000000).")
    @Nullable
    Integer documents;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            description =
                    "Passages: cranfield, known-items or scifact; lora: scifact or spoken, as said to an assistant"
                            + " (default: all).")
    @Nullable
    String collection;

    @Option(
            names = "--real",
            description =
                    "Freshness only: again on Kafka, PostgreSQL and Weaviate, in containers or where TESTKIT_KAFKA"
                            + " and its like say (see infra/testkit/README.md).")
    boolean real;

    @Option(names = "--steps", paramLabel = "N", description = "Lora and adapter only: at most as many steps.")
    int steps;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the servers that are measured; repeatable.")
    Map<String, String> set = new LinkedHashMap<>();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path sets = data == null ? Path.of(System.getProperty("palimpsest.root", "."), "../shared/data") : data;
        String[] pass = json == null ? new String[0] : new String[] {"--json", json.toString()};
        Report report = new Report(System.out);
        switch (name) {
            case RETRIEVAL -> new RetrievalBench(report).run(sets, set);
            case INGEST -> new IngestBench(report).run(sets, documents == null ? 1000 : documents, set);
            case PASSAGES ->
                new PassageRetrievalBench(report)
                        .run(sets, collection, documents == null ? Integer.MAX_VALUE : documents);
            case FRESHNESS -> {
                FreshnessBench freshness = new FreshnessBench(report);
                freshness.run(set);
                if (real) {
                    freshness.runReal(set);
                }
            }
            case FOOTPRINT -> new FootprintBench(report).run(set);
            case WASTE -> PassageWasteBench.run(sets, json);
            case EMBEDDING -> EmbeddingBench.main(pass);
            case SEARCH -> SearchLatencyBench.main(pass);
            case SEARCH_HTTP -> new SearchHttpBench(report).run(sets, documents == null ? 5_000 : documents, set);
            case INDEXERS -> new IndexersBench(report).run(set);
            case LORA ->
                new LoraBench(report).run(sets, collection, documents == null ? Integer.MAX_VALUE : documents, steps);
            case ADAPTER ->
                new AdapterBench(report).run(sets, documents == null ? Integer.MAX_VALUE : documents, steps);
            case GENERATION -> new GenerationBench(report).run(sets, documents == null ? 2_000 : documents, set);
            case TRAINING -> new TrainingLoadBench(report).run(sets, documents == null ? 2_000 : documents, set);
            case DRIFT -> new DriftBench(report).run(sets, documents == null ? 300 : documents);
            case DRIFT_TOPOLOGY -> new DriftTopologyBench(report).run(documents == null ? 200_000 : documents);
            case LEDGER -> new LedgerBench(report).run(documents == null ? 10_000_000 : documents);
            case LEDGER_COST -> new LedgerCostBench(report).run(sets, documents == null ? 1_000 : documents);
            case WEAVIATE -> new WeaviateBench(report).run(sets, documents == null ? 5_000 : documents);
        }
        if (json != null && !report.isEmpty()) {
            report.write(json);
        }
        return 0;
    }
}
