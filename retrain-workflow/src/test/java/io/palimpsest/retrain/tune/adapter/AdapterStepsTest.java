package io.palimpsest.retrain.tune.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.contracts.model.Safetensors;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingLoop;
import io.palimpsest.retrain.tune.TrainingSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AdapterStepsTest {
    private static final int DIMENSIONS = 6;
    private static final int QUERIES = 8;

    private final Random random = new Random(5);

    private float[] vector() {
        double[] values = random.doubles(DIMENSIONS, -1, 1).toArray();
        double norm = LowRankAdapter.norm(values);
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (values[i] / norm);
        }
        return vector;
    }

    private EmbeddedSet set() {
        List<TrainingSet.Query> queries = new ArrayList<>();
        List<float[]> queryVectors = new ArrayList<>();
        List<float[]> passages = new ArrayList<>();
        for (int q = 0; q < QUERIES; q++) {
            // Neighbours share a passage, so that the mask has something to do.
            queries.add(new TrainingSet.Query("q" + q, "text", List.of(q, (q + 1) % QUERIES), List.of()));
            queryVectors.add(vector());
            passages.add(vector());
        }
        List<String> names = Collections.nCopies(QUERIES, "p");
        return new EmbeddedSet(new TrainingSet(queries, names, names), queryVectors, passages);
    }

    private static AdapterSteps steps(EmbeddedSet set, LowRankAdapter adapter) {
        List<List<Integer>> hard = new ArrayList<>();
        for (int q = 0; q < QUERIES; q++) {
            hard.add(List.of((q + 4) % QUERIES));
        }
        return new AdapterSteps(TrainingConfig.adapter("m", 1).withBatch(4), set, set, hard, adapter);
    }

    @Test
    void gradientIsWhatDifferencesSay() {
        LowRankAdapter adapter = LowRankAdapter.initial(DIMENSIONS, 2, 3);
        adapter.weights().forEach(weights -> {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) random.nextGaussian();
            }
        });
        AdapterSteps steps = steps(set(), adapter);
        TrainingLoop.Gradients gradients = steps.run(1);
        for (int array = 0; array < 2; array++) {
            float[] weights = adapter.weights().get(array);
            for (int i = 0; i < weights.length; i++) {
                float before = weights[i];
                float step = 1e-3f;
                weights[i] = before + step;
                double above = steps.run(1).loss();
                weights[i] = before - step;
                double below = steps.run(1).loss();
                weights[i] = before;
                assertThat((double) gradients.ofWeights().get(array)[i])
                        .isCloseTo((above - below) / (2 * step), within(2e-2));
            }
        }
    }

    @Test
    void untrainedAdapterChangesNothing() {
        float[] query = vector();
        assertThat(LowRankAdapter.initial(DIMENSIONS, 2, 3).apply(query)).containsExactly(query, within(1e-6f));
    }

    @Test
    void adapterSurvivesItsFile() {
        LowRankAdapter adapter = LowRankAdapter.initial(DIMENSIONS, 2, 3);
        adapter.up()[3] = 0.5f;
        float[] query = vector();
        LowRankAdapter read =
                LowRankAdapter.of(Safetensors.of(adapter.toSafetensors().toBytes()));
        assertThat(read.apply(query)).isEqualTo(adapter.apply(query));
    }
}
