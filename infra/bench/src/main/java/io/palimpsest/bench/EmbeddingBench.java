package io.palimpsest.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.bench.PythonBaseline.Cost;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Texts per second of {@link OnnxEmbedder} beside Python's onnxruntime on the same model file, tokenizer and SciFact texts. The
 * sides take turns, round by round, so that other load on the machine falls on both; medians are compared.
 */
@CommandLine.Command(name = "embedding-bench", mixinStandardHelpOptions = true)
public final class EmbeddingBench implements Callable<Integer> {
    @Option(names = "--data", description = "Folder with scifact/corpus.jsonl.gz.", defaultValue = "../shared/data")
    private Path data = Path.of("../shared/data");

    @Option(
            names = "--work",
            description = "For model files and the Python environment.",
            defaultValue = "target/bench")
    private Path work = Path.of("target/bench");

    @Option(names = "--texts", description = "Texts of each length.", defaultValue = "96")
    private int texts;

    @Option(names = "--rounds", description = "Measured rounds, after one to warm up.", defaultValue = "5")
    private int rounds;

    @Option(names = "--threads", defaultValue = "2")
    private int threads;

    @Option(
            names = "--precision",
            description = "Of: ${COMPLETION-CANDIDATES}.",
            defaultValue = "FP32,INT8",
            split = ",")
    private List<Precision> precisions = List.of();

    @Option(names = "--json", description = "Where to write the figures.")
    private Optional<Path> json = Optional.empty();

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new EmbeddingBench()).execute(arguments));
    }

    /** The costs of each round, by contestant. */
    private record Rounds(int texts, Map<String, List<Cost>> byContestant) {
        double medianRate(String contestant) {
            return texts / median(contestant, Cost::seconds);
        }

        double medianCpuMillis(String contestant) {
            return 1e3 * median(contestant, Cost::cpuSeconds) / texts;
        }

        private double median(String contestant, ToDoubleFunction<Cost> figure) {
            double[] sorted = byContestant.getOrDefault(contestant, List.of()).stream()
                    .mapToDouble(figure)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
        }
    }

    /** One way of embedding the texts. */
    private interface Contestant {
        /** What all texts together cost. */
        Cost run(List<String> texts) throws IOException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ArrayNode report = new ObjectMapper().createArrayNode();
        Path models = work.resolve("models").toAbsolutePath();
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(models.resolve("natives"))) {
            Optional<Path> python = PythonBaseline.prepare(work.toAbsolutePath(), out);
            Map<String, List<String>> sets = SciFactTexts.sets(data, texts);
            out.println();
            out.printf(
                    "%-9s %-6s %7s %-12s %9s %8s %12s%n",
                    "precision", "texts", "tokens", "side", "texts/s", "CPU ms", "JVM ÷ side");
            for (Precision precision : precisions) {
                measure(OnnxModel.miniLm(precision, models), tokenizer, python, sets, report);
            }
        }
        if (json.isPresent()) {
            Files.writeString(json.get(), report.toPrettyString() + "\n");
        }
        return 0;
    }

    private void measure(
            OnnxModel model,
            EmbedderTokenizer tokenizer,
            Optional<Path> python,
            Map<String, List<String>> sets,
            ArrayNode report)
            throws IOException, InterruptedException {
        Path tokenizerFile = SciFactTexts.unpackTokenizer(work.toAbsolutePath());
        Map<String, Contestant> contestants = new LinkedHashMap<>();
        List<PythonBaseline> processes = new ArrayList<>();
        try (OnnxEmbedder embedder = new OnnxEmbedder(model, tokenizer, threads)) {
            contestants.put("JVM", list -> costOf(embedder, list));
            if (python.isPresent()) {
                PythonBaseline baseline = PythonBaseline.start(python.get(), model.file(), tokenizerFile, threads);
                processes.add(baseline);
                contestants.put("Python, 8", list -> baseline.costOf(list, 8));
                contestants.put("Python, 1", list -> baseline.costOf(list, 1));
            }
            for (Map.Entry<String, List<String>> set : sets.entrySet()) {
                Rounds rates = takeTurns(contestants, set.getValue());
                int tokens = tokensPerText(tokenizer, set.getValue());
                print(model.precision(), set.getKey(), tokens, rates, report);
            }
        } finally {
            for (PythonBaseline process : processes) {
                process.close();
            }
        }
    }

    private Rounds takeTurns(Map<String, Contestant> contestants, List<String> list) throws IOException {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Contestant> contestant : contestants.entrySet()) {
                Cost cost = contestant.getValue().run(list);
                if (round > 0) {
                    costs.computeIfAbsent(contestant.getKey(), name -> new ArrayList<>())
                            .add(cost);
                }
            }
        }
        return new Rounds(list.size(), costs);
    }

    private void print(Precision precision, String set, int tokens, Rounds rounds, ArrayNode report) {
        double own = rounds.medianRate("JVM");
        for (Map.Entry<String, List<Cost>> side : rounds.byContestant().entrySet()) {
            double rate = rounds.medianRate(side.getKey());
            double cpu = rounds.medianCpuMillis(side.getKey());
            out.printf(
                    Locale.ROOT,
                    "%-9s %-6s %7d %-12s %9.1f %8.2f %12s%n",
                    precision.id(),
                    set,
                    tokens,
                    side.getKey(),
                    rate,
                    cpu,
                    side.getKey().equals("JVM") ? "" : String.format(Locale.ROOT, "%.2f", own / rate));
            ObjectNode row = report.addObject()
                    .put("precision", precision.id())
                    .put("texts", set)
                    .put("tokensPerText", tokens)
                    .put("side", side.getKey())
                    .put("threads", threads)
                    .put("medianTextsPerSecond", rate)
                    .put("medianCpuMillisPerText", cpu)
                    .put("jvmOverSide", own / rate);
            side.getValue().forEach(cost -> row.withArray("secondsByRound").add(cost.seconds()));
        }
    }

    private static Cost costOf(OnnxEmbedder embedder, List<String> list) {
        long cpu = processCpuNanos();
        long started = System.nanoTime();
        int vectors = embedder.embed(list).size();
        if (vectors != list.size()) {
            throw new IllegalStateException("embedded " + vectors + " of " + list.size());
        }
        return new Cost((System.nanoTime() - started) / 1e9, (processCpuNanos() - cpu) / 1e9);
    }

    /** Of the whole process, compiler and collector included. */
    static long processCpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private static int tokensPerText(EmbedderTokenizer tokenizer, List<String> list) {
        return (int) list.stream().mapToInt(tokenizer::count).average().orElse(0);
    }
}
