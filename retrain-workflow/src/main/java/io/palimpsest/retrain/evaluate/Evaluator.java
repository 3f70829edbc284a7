package io.palimpsest.retrain.evaluate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Asks candidate and serving model the same queries, in turns, so that neither has the quieter machine.
 *
 * <p>Threading: an evaluator is for one thread. Failure: {@code EVALUATION_IMPOSSIBLE}, and what a search throws.
 */
public final class Evaluator {
    private final Contender serving;
    private final Contender candidate;
    private final long seed;
    private final IntConsumer progress;

    /** A system by the model that it searches with. */
    public record Contender(ModelId model, SearchUnderTest search) {}

    private record Pair(SearchUnderTest.Answer serving, SearchUnderTest.Answer candidate) {}

    /** @param progress told how many queries are done after each */
    public Evaluator(Contender serving, Contender candidate, long seed, IntConsumer progress) {
        this.serving = serving;
        this.candidate = candidate;
        this.seed = seed;
        this.progress = progress;
    }

    /** Each query is asked once, also where several slices have it. */
    public Evaluation evaluate(List<EvaluationSlice> slices) {
        if (slices.stream().allMatch(slice -> slice.queries().isEmpty())) {
            throw new PalimpsestException(ErrorCode.EVALUATION_IMPOSSIBLE, "no slice has a judged query");
        }
        Map<String, Pair> answers = new HashMap<>();
        List<Evaluation.SliceResult> results = new ArrayList<>();
        for (EvaluationSlice slice : slices) {
            if (!slice.queries().isEmpty()) {
                results.add(result(slice, answers));
            }
        }
        return new Evaluation(
                serving.model(),
                candidate.model(),
                seed,
                results,
                load(answers.values().stream().map(Pair::serving).toList()),
                load(answers.values().stream().map(Pair::candidate).toList()));
    }

    private Evaluation.SliceResult result(EvaluationSlice slice, Map<String, Pair> answers) {
        Map<Measure, double[]> ofServing = new EnumMap<>(Measure.class);
        Map<Measure, double[]> ofCandidate = new EnumMap<>(Measure.class);
        int count = slice.queries().size();
        for (Measure measure : Measure.values()) {
            ofServing.put(measure, new double[count]);
            ofCandidate.put(measure, new double[count]);
        }
        for (int i = 0; i < count; i++) {
            EvaluationSlice.Judged judged = slice.queries().get(i);
            Pair pair = answers.get(judged.query());
            if (pair == null) {
                pair = ask(judged.query(), answers.size() % 2 == 0);
                answers.put(judged.query(), pair);
                progress.accept(answers.size());
            }
            for (Measure measure : Measure.values()) {
                at(ofServing, measure)[i] = measure.of(pair.serving().ranking(), judged.gains());
                at(ofCandidate, measure)[i] = measure.of(pair.candidate().ranking(), judged.gains());
            }
        }
        SortedMap<Measure, Evaluation.Comparison> comparisons = new TreeMap<>();
        for (Measure measure : Measure.values()) {
            comparisons.put(measure, compare(at(ofServing, measure), at(ofCandidate, measure)));
        }
        return new Evaluation.SliceResult(
                slice.name(),
                slice.kind(),
                count,
                comparisons,
                differences(at(ofServing, Measure.NDCG_AT_10), at(ofCandidate, Measure.NDCG_AT_10)));
    }

    private Pair ask(String query, boolean servingFirst) {
        if (servingFirst) {
            SearchUnderTest.Answer first = serving.search().search(query);
            return new Pair(first, candidate.search().search(query));
        }
        SearchUnderTest.Answer first = candidate.search().search(query);
        return new Pair(serving.search().search(query), first);
    }

    private Evaluation.Comparison compare(double[] before, double[] after) {
        PairedBootstrap gain = PairedBootstrap.of(after, before, seed);
        return new Evaluation.Comparison(
                PairedBootstrap.mean(before), PairedBootstrap.mean(after), gain.mean(), gain.low(), gain.high());
    }

    private static List<Double> differences(double[] before, double[] after) {
        List<Double> differences = new ArrayList<>(before.length);
        for (int i = 0; i < before.length; i++) {
            differences.add(after[i] - before[i]);
        }
        return differences;
    }

    private static double[] at(Map<Measure, double[]> values, Measure measure) {
        double[] found = values.get(measure);
        if (found == null) {
            throw new IllegalStateException("every measure has its values");
        }
        return found;
    }

    private static Evaluation.Load load(List<SearchUnderTest.Answer> answers) {
        double[] millis = answers.stream()
                .mapToDouble(answer -> answer.took().toNanos() / 1e6)
                .sorted()
                .toArray();
        double cost = answers.stream()
                .mapToDouble(SearchUnderTest.Answer::cost)
                .average()
                .orElse(0);
        return new Evaluation.Load(quantile(millis, 0.5), quantile(millis, 0.95), cost * 1000);
    }

    /** Nearest rank. */
    private static double quantile(double[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
    }
}
