package io.palimpsest.bench;

import io.palimpsest.bench.ir.TestCollection;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.drift.measure.Calibration;
import io.palimpsest.retrain.drift.measure.Measured;
import io.palimpsest.retrain.drift.measure.QuerySample;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.measure.Signal;
import io.palimpsest.retrain.drift.measure.Tally;
import io.palimpsest.retrain.drift.measure.Vectors;
import io.palimpsest.retrain.drift.measure.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * False alarms and detection with real embeddings: references of SciFact claims, windows of other SciFact claims, and of those with
 * Cranfield questions among them. References and windows are drawn anew, seeded; the best similarity is against some SciFact
 * abstracts, so that Cranfield's questions find nothing near, as they would.
 */
final class DriftBench {
    private static final int REFERENCES = 10;
    private static final int REFERENCE_SAMPLES = 600;
    private static final int ABSTRACTS = 500;
    private static final int ABSTRACT_CHARS = 400;
    private static final List<Integer> SIZES = List.of(50, 100, 200);
    /** Share of Cranfield's questions that a window of each size must find. */
    private static final Map<Integer, Double> SHIFTS = Map.of(50, 0.5, 100, 0.2, 200, 0.1);

    private final Report report;

    DriftBench(Report report) {
        this.report = report;
    }

    private record Questions(List<QuerySample> known, List<QuerySample> strange) {}

    /** What was found in windows of one kind. */
    private static final class Found {
        private final Map<Signal, Integer> crossed = new LinkedHashMap<>();
        private int windows;
        private int any;
        private int byFixedPsi;

        void add(List<Measured> measured) {
            windows++;
            boolean crossing = false;
            for (Measured one : measured) {
                crossed.merge(one.signal(), one.crossed() ? 1 : 0, Integer::sum);
                crossing |= one.crossed();
                Double value = one.value();
                byFixedPsi += one.signal() == Signal.QUERY_LENGTH && value != null && value > 0.2 ? 1 : 0;
            }
            any += crossing ? 1 : 0;
        }
    }

    void run(Path sets, int windows) throws IOException {
        Questions questions = questions(sets);
        Map<Integer, Found> quiet = new LinkedHashMap<>();
        Map<Integer, Found> shifted = new LinkedHashMap<>();
        long nanos = 0;
        for (int r = 0; r < REFERENCES; r++) {
            Random random = new Random(r);
            List<QuerySample> known = new ArrayList<>(questions.known());
            Collections.shuffle(known, random);
            long begin = System.nanoTime();
            Reference reference = reference(r, known.subList(0, REFERENCE_SAMPLES));
            nanos += System.nanoTime() - begin;
            List<QuerySample> others = known.subList(REFERENCE_SAMPLES, known.size());
            for (int size : SIZES) {
                int strange = (int) Math.round(size * SHIFTS.getOrDefault(size, 0.0));
                for (int w = 0; w < windows; w++) {
                    quiet.computeIfAbsent(size, s -> new Found())
                            .add(reference.measure(window(others, size, List.of(), 0, random)));
                    shifted.computeIfAbsent(size, s -> new Found())
                            .add(reference.measure(
                                    window(others, size - strange, questions.strange(), strange, random)));
                }
            }
        }
        report.row(
                "drift-calibration",
                Map.of(
                        "references",
                        REFERENCES,
                        "reference-samples",
                        REFERENCE_SAMPLES,
                        "seconds-each",
                        nanos / 1e9 / REFERENCES));
        quiet.forEach((size, found) -> row(size, 0, found));
        shifted.forEach((size, found) -> row(size, SHIFTS.getOrDefault(size, 0.0), found));
    }

    private void row(int size, double share, Found found) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("window", size);
        values.put("strange", share);
        values.put("windows", found.windows);
        values.put("any", (double) found.any / found.windows);
        values.put("fixed-psi-0.2", (double) found.byFixedPsi / found.windows);
        found.crossed.forEach((signal, count) -> values.put(signal.id(), (double) count / found.windows));
        report.row(share == 0 ? "drift-false-alarms" : "drift-found", values);
    }

    private static Reference reference(int number, List<QuerySample> samples) {
        return new Calibration(0.01, SIZES, 8_000)
                .take(new Calibration.Period(
                        CollectionKey.of("bench", "scifact-" + number),
                        new ModelId("all-minilm-l6-v2"),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        samples,
                        new Reference.FeedbackReference(0, 0)));
    }

    private static Window window(
            List<QuerySample> known, int ofKnown, List<QuerySample> strange, int ofStrange, Random random) {
        List<QuerySample> drawn = new ArrayList<>(drawn(known, ofKnown, random));
        drawn.addAll(drawn(strange, ofStrange, random));
        Tally tally = new Tally();
        List<float[]> embeddings = new ArrayList<>();
        for (QuerySample sample : drawn) {
            tally.add(sample, true);
            float[] embedding = sample.embedding();
            if (embedding != null) {
                embeddings.add(embedding);
            }
        }
        return new Window(new ModelId("all-minilm-l6-v2"), tally, embeddings);
    }

    /** Without repetition. */
    private static List<QuerySample> drawn(List<QuerySample> from, int count, Random random) {
        List<QuerySample> shuffled = new ArrayList<>(from);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, count);
    }

    private static Questions questions(Path sets) throws IOException {
        Path work = Files.createDirectories(Path.of("target/bench").toAbsolutePath());
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(work.resolve("natives"));
                OnnxEmbedder embedder =
                        new OnnxEmbedder(OnnxModel.miniLm(Precision.FP32, work.resolve("models")), tokenizer, 2)) {
            List<float[]> abstracts = embedder.embed(SciFactTexts.abstracts(sets).stream()
                    .limit(ABSTRACTS)
                    .map(text -> text.substring(0, Math.min(ABSTRACT_CHARS, text.length())))
                    .toList());
            TestCollection scifact = TestCollection.scifact(sets.resolve("scifact"));
            TestCollection cranfield = TestCollection.cranfield(sets.resolve("cranfield"));
            return new Questions(
                    samples(scifact, embedder, tokenizer, abstracts),
                    samples(cranfield, embedder, tokenizer, abstracts));
        }
    }

    private static List<QuerySample> samples(
            TestCollection collection, OnnxEmbedder embedder, EmbedderTokenizer tokenizer, List<float[]> abstracts) {
        List<String> texts = collection.queries().values().stream().sorted().toList();
        List<float[]> embeddings = embedder.embed(texts);
        List<QuerySample> samples = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            float[] embedding = embeddings.get(i);
            double top = abstracts.stream()
                    .mapToDouble(other -> Vectors.dot(embedding, other))
                    .max()
                    .orElse(0);
            samples.add(new QuerySample(embedding, tokenizer.count(texts.get(i)), top, null, 10));
        }
        return samples;
    }
}
