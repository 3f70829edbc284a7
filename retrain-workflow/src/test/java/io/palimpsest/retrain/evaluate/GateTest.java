package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.EvaluationSlice.Judged;
import io.palimpsest.retrain.evaluate.EvaluationSlice.Kind;
import io.palimpsest.retrain.evaluate.GateVerdict.Reason;
import io.palimpsest.retrain.snapshot.SnapshotStanding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The gate on made-up worlds of vectors: adapters are trained, evaluated and judged as real ones are. */
final class GateTest {
    private static final ContentHash SNAPSHOT = ContentHash.ofText("snapshot");
    private static final SnapshotStanding SOUND = new SnapshotStanding.Sound(SNAPSHOT);
    private static final ModelId SERVING = new ModelId("serving");
    private static final ModelId CANDIDATE = new ModelId("candidate");
    private static final int DIMENSIONS = 96;
    private static final int DOCUMENTS = 600;
    private static final int TRAINED = 300;

    private final SplittableRandom random = new SplittableRandom(11);
    private final Map<String, float[]> documents = new LinkedHashMap<>();
    private final Map<String, float[]> queries = new LinkedHashMap<>();
    private final List<EvaluationSlice> slices = new ArrayList<>();

    private record Pairs(List<float[]> queries, List<float[]> documents) {}

    @Test
    void anAdapterThatLearnedRepeatedDocumentsByHeartIsRefused() {
        Pairs pairs = world(UnaryOperator.identity());
        UnaryOperator<float[]> adapter = LinearAdapter.train(pairs.queries(), pairs.documents(), 0.01, 1)::apply;
        Evaluation evaluation = evaluate(adapter);

        assertThat(gain(evaluation, "leaky")).as("it looks like a gain").isPositive();
        assertThat(gain(evaluation, "unseen")).isNegative();
        assertThat(judge(evaluation).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .containsExactly(Reason.NO_GAIN);
        assertThat(judge(evaluation).sentence()).startsWith("Not better: kept the serving model.");
    }

    @Test
    void anAdapterOfShuffledLabelsIsRefused() {
        Pairs pairs = world(UnaryOperator.identity());
        List<float[]> shuffled = new ArrayList<>(pairs.documents());
        Collections.shuffle(shuffled, new Random(3));
        Evaluation evaluation = evaluate(LinearAdapter.train(pairs.queries(), shuffled, 1, 0.5)::apply);

        assertThat(judge(evaluation).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .contains(Reason.NO_GAIN);
    }

    @Test
    void anAdapterOfPoisonedFeedbackIsRefused() {
        Pairs pairs = world(UnaryOperator.identity());
        List<float[]> poisoned = new ArrayList<>(pairs.documents());
        float[] pushed = VectorWorld.vector(documents, "d0");
        for (int i = 0; i < poisoned.size() * 3 / 10; i++) {
            poisoned.set(i, pushed); // three in ten say that one document is what was looked for
        }
        Evaluation evaluation = evaluate(LinearAdapter.train(pairs.queries(), poisoned, 1, 0.5)::apply);

        assertThat(judge(evaluation).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .contains(Reason.NO_GAIN);
    }

    @Test
    void aTrueGainIsPromoted() {
        Pairs pairs = world(GateTest::distorted); // what people ask lies off what documents say, always in the same way
        Evaluation evaluation = evaluate(LinearAdapter.train(pairs.queries(), pairs.documents(), 1, 0.5)::apply);

        assertThat(gain(evaluation, "unseen")).isGreaterThan(0.02);
        assertThat(judge(evaluation).refusals()).isEmpty();
        assertThat(judge(evaluation).promotes()).isTrue();
    }

    @Test
    void theServingModelItselfIsNoGain() {
        world(UnaryOperator.identity());

        assertThat(judge(evaluate(UnaryOperator.identity())).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .containsExactly(Reason.NO_GAIN);
    }

    @Test
    void eachReasonIsGivenWithItsNumbers() {
        Evaluation bad = new Evaluation(
                SERVING,
                CANDIDATE,
                1,
                List.of(
                        slice("unseen", Kind.DOCUMENT_DISJOINT, 100, 0.02, -0.01, 0.05),
                        slice("later", Kind.TIME_LATER, 100, -0.02, -0.05, 0.01),
                        slice("tables", Kind.TAG, 100, -0.005, -0.008, -0.002),
                        slice("general", Kind.GENERAL, 100, -0.03, -0.05, -0.01)),
                new Evaluation.Load(10, 100, 0),
                new Evaluation.Load(20, 200, 0));
        GateVerdict verdict = new Gate(GateRules.NORMAL).judge(bad, new SnapshotStanding.Tainted(SNAPSHOT, 2, 1));

        assertThat(verdict.refusals())
                .extracting(GateVerdict.Refusal::reason)
                .containsExactly(
                        Reason.SNAPSHOT_TAINTED,
                        Reason.NO_GAIN,
                        Reason.SLICE_LOSS,
                        Reason.SLICE_LOSS,
                        Reason.FORGETTING,
                        Reason.TOO_SLOW);
        assertThat(verdict.sentence()).contains("+0.0200 [-0.0100, +0.0500]", "surely a loss", "200 ms", "2 documents");
    }

    @Test
    void aGainOnTooFewQueriesOrOfAnUnknownSnapshotIsNone() {
        Evaluation few = new Evaluation(
                SERVING,
                CANDIDATE,
                1,
                List.of(slice("unseen", Kind.DOCUMENT_DISJOINT, 19, 0.2, 0.1, 0.3)),
                new Evaluation.Load(10, 10, 0),
                new Evaluation.Load(10, 10, 0));
        GateVerdict verdict = new Gate(GateRules.NORMAL).judge(few, new SnapshotStanding.Unregistered(SNAPSHOT));

        assertThat(verdict.refusals())
                .extracting(GateVerdict.Refusal::reason)
                .containsExactly(Reason.SNAPSHOT_UNREGISTERED, Reason.NOT_SHOWN);
        assertThat(verdict.notes()).hasSize(2);
    }

    @Test
    void whatIsNotANumberIsNoPass() {
        double nan = Double.NaN;
        Evaluation broken = new Evaluation(
                SERVING,
                CANDIDATE,
                1,
                List.of(
                        slice("unseen", Kind.DOCUMENT_DISJOINT, 100, nan, nan, nan),
                        slice("general", Kind.GENERAL, 100, nan, nan, nan)),
                new Evaluation.Load(10, 10, 0),
                new Evaluation.Load(nan, nan, 0));

        assertThat(judge(broken).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .containsExactly(Reason.NO_GAIN, Reason.FORGETTING, Reason.TOO_SLOW);
    }

    private static Evaluation.SliceResult slice(
            String name, Kind kind, int queries, double gain, double low, double high) {
        return new Evaluation.SliceResult(
                name,
                kind,
                queries,
                new java.util.TreeMap<>(
                        Map.of(Measure.NDCG_AT_10, new Evaluation.Comparison(0.5, 0.5 + gain, gain, low, high))),
                List.of());
    }

    /**
     * Documents, a query of each, and second queries of the trained ones: a slice that leaks.
     *
     * @param asked what a document's vector becomes in a query for it
     * @return the training pairs
     */
    private Pairs world(UnaryOperator<float[]> asked) {
        List<Judged> leaky = new ArrayList<>();
        List<Judged> unseen = new ArrayList<>();
        Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < DOCUMENTS; i++) {
            float[] document = noise(new float[DIMENSIONS], 1);
            documents.put("d" + i, document);
            if (i < TRAINED) {
                pairs.queries().add(noise(asked.apply(document), 1.5));
                pairs.documents().add(document);
            }
            queries.put("q" + i, noise(asked.apply(document), 1.5));
            (i < TRAINED ? leaky : unseen).add(new Judged("q" + i, "q" + i, Map.of("d" + i, 1)));
        }
        // Leaks most: the very questions come again.
        for (int i = 0; i < TRAINED; i++) {
            queries.put("q" + i, pairs.queries().get(i));
        }
        slices.add(new EvaluationSlice("leaky", Kind.TAG, leaky));
        slices.add(new EvaluationSlice("unseen", Kind.DOCUMENT_DISJOINT, unseen));
        return pairs;
    }

    private float[] noise(float[] around, double strength) {
        float[] vector = new float[DIMENSIONS];
        double norm = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (around[i] + strength * random.nextGaussian() / Math.sqrt(DIMENSIONS));
            norm += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(norm);
        }
        return vector;
    }

    /** Every second dimension is weak. */
    private static float[] distorted(float[] vector) {
        float[] distorted = vector.clone();
        for (int i = 0; i < vector.length; i += 2) {
            distorted[i] *= -0.5f;
        }
        return distorted;
    }

    private Evaluation evaluate(UnaryOperator<float[]> adapter) {
        VectorWorld world = new VectorWorld(documents, queries);
        return new Evaluator(
                        new Evaluator.Contender(SERVING, world.search(UnaryOperator.identity())),
                        new Evaluator.Contender(CANDIDATE, world.search(adapter)),
                        5,
                        done -> {})
                .evaluate(slices);
    }

    private static double gain(Evaluation evaluation, String slice) {
        return evaluation.slices().stream()
                .filter(each -> each.name().equals(slice))
                .findFirst()
                .orElseThrow()
                .of(Measure.NDCG_AT_10)
                .gain();
    }

    private static GateVerdict judge(Evaluation evaluation) {
        return new Gate(GateRules.NORMAL).judge(evaluation, SOUND);
    }

    @Test
    void bothAreAskedTheSameOnceInTurnsAndTheReportSaysItAll() {
        List<String> asked = new ArrayList<>();
        SearchUnderTest serving = query -> {
            asked.add("s" + query);
            return new SearchUnderTest.Answer(List.of("x", "d" + query), Duration.ofMillis(10), 0.001);
        };
        SearchUnderTest candidate = query -> {
            asked.add("c" + query);
            return new SearchUnderTest.Answer(List.of("d" + query, "x"), Duration.ofMillis(20), 0.002);
        };
        List<Judged> judged =
                List.of(new Judged("1", "1", Map.of("d1", 3)), new Judged("2", "2", Map.of("d2", 1, "y", 0)));
        Evaluation evaluation = new Evaluator(
                        new Evaluator.Contender(SERVING, serving),
                        new Evaluator.Contender(CANDIDATE, candidate),
                        5,
                        done -> {})
                .evaluate(List.of(
                        new EvaluationSlice("unseen", Kind.DOCUMENT_DISJOINT, judged),
                        new EvaluationSlice("<tag>", Kind.TAG, judged.subList(0, 1))));

        assertThat(asked).containsExactly("s1", "c1", "c2", "s2");
        assertThat(evaluation.slices().getFirst().of(Measure.MRR))
                .isEqualTo(new Evaluation.Comparison(0.5, 1, 0.5, 0.5, 0.5));
        assertThat(evaluation.servingLoad()).isEqualTo(new Evaluation.Load(10, 10, 1));
        assertThat(evaluation.candidateLoad()).isEqualTo(new Evaluation.Load(20, 20, 2));
        EvaluationReport report = new EvaluationReport("run-1", SNAPSHOT, evaluation, judge(evaluation));
        assertThat(EvaluationFacts.of(report.json()))
                .containsEntry("report", ContentHash.of(report.json()).value())
                .containsEntry(
                        "evaluation.DOCUMENT_DISJOINT", "nDCG@10 0.6309 -> 1.0000 [+0.3691, +0.3691] of 2 queries")
                .hasSize(2);
        assertThat(report.markdown()).contains("| unseen (unseen documents) | 2 | MRR | 0.5000 | 1.0000 | +0.5000");
        assertThat(report.html())
                .contains("<svg", "&lt;tag&gt;", "Not better: kept the serving model")
                .doesNotContain("<tag>", "<script", "href=", "src=");
        assertThat(new String(report.json(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"promotes\":false", "\"reason\":\"NOT_SHOWN\"");
    }
}
