package io.palimpsest.retrain.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which queries make a step's batch: every epoch takes each once, in an order of its own; what does not fill a batch waits for
 * the next epoch. A step's batch follows from seed and step alone, so that training can go on from any step.
 */
public final class BatchPlan {
    private final int queries;
    private final int batch;
    private final long seed;

    /** @param queries at least 1 */
    public BatchPlan(int queries, TrainingConfig config) {
        this.queries = queries;
        this.batch = Math.min(config.batch(), queries);
        this.seed = config.seed();
    }

    public int stepsAnEpoch() {
        return queries / batch;
    }

    /** Steps of a whole training. */
    public int steps(TrainingConfig config) {
        int all = Math.multiplyExact(stepsAnEpoch(), config.epochs());
        return config.maxSteps() == 0 ? all : Math.min(all, config.maxSteps());
    }

    /** Indexes of queries. */
    public List<Integer> of(int step) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, queries).boxed().toList());
        Collections.shuffle(order, new Random(seed * 1_000_003 + step / stepsAnEpoch()));
        int from = step % stepsAnEpoch() * batch;
        return order.subList(from, from + batch);
    }

    /** Of choices within the step. */
    public Random random(int step) {
        return new Random(seed * 1_000_003 + step * 31L + 17);
    }
}
