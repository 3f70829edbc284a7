package io.palimpsest.retrain.evaluate;

import io.palimpsest.contracts.id.ModelId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Candidate and serving model on the same queries. The same rankings and seed give the same, but for latency.
 *
 * @param seed of the resampling
 */
public record Evaluation(
        ModelId serving, ModelId candidate, long seed, List<SliceResult> slices, Load servingLoad, Load candidateLoad) {
    public Evaluation {
        slices = List.copyOf(slices);
    }

    /** One slice; {@code differences} are candidate minus serving in nDCG@10, query by query, in the slice's order. */
    public record SliceResult(
            String name,
            EvaluationSlice.Kind kind,
            int queries,
            SortedMap<Measure, Comparison> measures,
            List<Double> differences) {
        public SliceResult {
            measures = new TreeMap<>(measures);
            differences = List.copyOf(differences);
        }

        public Comparison of(Measure measure) {
            Comparison comparison = measures.get(measure);
            if (comparison == null) {
                throw new IllegalArgumentException(name + " was not measured by " + measure);
            }
            return comparison;
        }
    }

    /**
     * One measure of both.
     *
     * @param gain candidate minus serving
     * @param low of the 95 % confidence interval of the gain
     */
    public record Comparison(double serving, double candidate, double gain, double low, double high) {}

    /**
     * What searching took.
     *
     * @param costPerThousand queries, in the operator's currency; 0 where no prices are configured
     */
    public record Load(double p50Millis, double p95Millis, double costPerThousand) {}
}
