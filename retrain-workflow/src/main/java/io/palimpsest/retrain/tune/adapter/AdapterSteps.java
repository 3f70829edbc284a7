package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.retrain.tune.BatchPlan;
import io.palimpsest.retrain.tune.SoftmaxLoss;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Loss and gradients of the adapter: cross-entropy of each query's own passage among all passages of the batch, scores being
 * cosine × 20. The gradient is written out; a test compares it with differences.
 */
final class AdapterSteps implements TrainingLoop.Steps {
    static final double SCALE = 20;

    private final TrainingConfig config;
    private final EmbeddedSet train;
    private final EmbeddedSet validation;
    private final List<List<Integer>> hardNegatives;
    private final BatchPlan plan;
    private final LowRankAdapter adapter;

    /** @param hardNegatives for each query of the training slice */
    AdapterSteps(
            TrainingConfig config,
            EmbeddedSet train,
            EmbeddedSet validation,
            List<List<Integer>> hardNegatives,
            LowRankAdapter adapter) {
        this.config = config;
        this.train = train;
        this.validation = validation;
        this.hardNegatives = hardNegatives;
        this.plan = new BatchPlan(train.queries().size(), config);
        this.adapter = adapter;
    }

    @Override
    public List<float[]> weights() {
        return adapter.weights();
    }

    @Override
    public int count() {
        return plan.steps(config);
    }

    @Override
    public double validationLoss() {
        List<float[]> adapted =
                validation.queries().stream().map(adapter::apply).toList();
        return adapted.isEmpty() ? Double.NaN : SoftmaxLoss.of(validation.set(), adapted, validation.passages(), SCALE);
    }

    @Override
    public TrainingLoop.Gradients run(int step) {
        List<Integer> queries = plan.of(step);
        List<Integer> passages = passages(queries, plan.random(step));
        float[] down = new float[adapter.down().length];
        float[] up = new float[adapter.up().length];
        double loss = 0;
        for (int i = 0; i < queries.size(); i++) {
            loss += add(queries.get(i), i, passages, 1.0 / queries.size(), down, up);
        }
        return new TrainingLoop.Gradients(loss, List.of(down, up));
    }

    /** The own passage of each query, in their order, then hard negatives. */
    private List<Integer> passages(List<Integer> queries, Random random) {
        List<Integer> passages = new ArrayList<>();
        for (int q : queries) {
            List<Integer> relevant = train.set().queries().get(q).relevant();
            passages.add(relevant.get(random.nextInt(relevant.size())));
        }
        for (int q : queries) {
            List<Integer> hard = hardNegatives.get(q);
            if (!hard.isEmpty()) {
                passages.add(hard.get(random.nextInt(hard.size())));
            }
        }
        return passages;
    }

    /** Adds one query's share to the gradients; returns its share of the loss. */
    private double add(int query, int own, List<Integer> passages, double share, float[] down, float[] up) {
        float[] q = train.queries().get(query);
        double[] inner = adapter.compressed(q);
        double[] direction = adapter.adapted(q, inner);
        double norm = LowRankAdapter.norm(direction);
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= norm;
        }
        double[] probabilities = probabilities(direction, query, own, passages);
        double[] pull = pull(direction, norm, own, passages, probabilities);
        for (int i = 0; i < pull.length; i++) {
            pull[i] *= share;
        }
        backward(q, inner, pull, down, up);
        return -share * StrictMath.log(probabilities[own]);
    }

    /** Of each passage of the batch; 0 for those that are relevant too. */
    private double[] probabilities(double[] direction, int query, int own, List<Integer> passages) {
        List<Integer> relevant = train.set().queries().get(query).relevant();
        double[] values = new double[passages.size()];
        double highest = Double.NEGATIVE_INFINITY;
        for (int p = 0; p < values.length; p++) {
            values[p] = p != own && relevant.contains(passages.get(p))
                    ? Double.NEGATIVE_INFINITY
                    : SCALE * dot(direction, train.passages().get(passages.get(p)));
            highest = Math.max(highest, values[p]);
        }
        double sum = 0;
        for (int p = 0; p < values.length; p++) {
            values[p] = StrictMath.exp(values[p] - highest);
            sum += values[p];
        }
        for (int p = 0; p < values.length; p++) {
            values[p] /= sum;
        }
        return values;
    }

    /** Gradient of the loss by the vector before it is normalised. */
    private double[] pull(double[] direction, double norm, int own, List<Integer> passages, double[] probabilities) {
        double[] pull = new double[direction.length];
        for (int p = 0; p < probabilities.length; p++) {
            double weight = SCALE * (probabilities[p] - (p == own ? 1 : 0));
            float[] passage = train.passages().get(passages.get(p));
            for (int i = 0; i < pull.length; i++) {
                pull[i] += weight * passage[i];
            }
        }
        double along = 0;
        for (int i = 0; i < pull.length; i++) {
            along += pull[i] * direction[i];
        }
        for (int i = 0; i < pull.length; i++) {
            pull[i] = (pull[i] - along * direction[i]) / norm;
        }
        return pull;
    }

    private void backward(float[] query, double[] inner, double[] pull, float[] down, float[] up) {
        int rank = adapter.rank();
        int dimensions = adapter.dimensions();
        for (int r = 0; r < rank; r++) {
            double back = 0;
            for (int i = 0; i < dimensions; i++) {
                up[r * dimensions + i] += (float) (inner[r] * pull[i]);
                back += pull[i] * adapter.up()[r * dimensions + i];
            }
            for (int i = 0; i < dimensions; i++) {
                down[i * rank + r] += (float) (query[i] * back);
            }
        }
    }

    private static double dot(double[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
