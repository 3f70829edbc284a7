package io.palimpsest.retrain.tune.lora;

import io.palimpsest.retrain.tune.BatchPlan;
import io.palimpsest.retrain.tune.SoftmaxLoss;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingLoop;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Batches of token ids, their gradients, and the validation slice's loss. */
final class LoraSteps implements TrainingLoop.Steps {
    private final TrainingConfig config;
    private final LoraTexts train;
    private final LoraTexts validation;
    private final List<List<Integer>> hardNegatives;
    private final BatchPlan plan;
    private final Encoder encoder;
    private final ContrastiveStep contrast;
    private final List<float[]> weights;
    private final TrainingProgress progress;
    private int done;

    /**
     * @param hardNegatives for each query of the training slice
     * @param progress hears signs of life while the validation slice is looked at
     */
    LoraSteps(
            TrainingConfig config,
            LoraTexts train,
            LoraTexts validation,
            List<List<Integer>> hardNegatives,
            Encoder encoder,
            TrainingProgress progress) {
        this.config = config;
        this.train = train;
        this.validation = validation;
        this.hardNegatives = hardNegatives;
        this.plan = new BatchPlan(train.queries().size(), config);
        this.encoder = encoder;
        this.contrast = new ContrastiveStep(encoder, config.rank());
        this.weights = shape().initial(config.seed());
        this.progress = progress;
    }

    LoraShape shape() {
        return new LoraShape(encoder.layers(), encoder.hidden(), config.rank(), config.alpha());
    }

    @Override
    public List<float[]> weights() {
        return weights;
    }

    @Override
    public int count() {
        return plan.steps(config);
    }

    @Override
    public TrainingLoop.Gradients run(int step) {
        ContrastiveStep.Result result = contrast.run(batch(step), weights);
        done = step + 1;
        return new TrainingLoop.Gradients(result.loss(), result.gradients());
    }

    @Override
    public double validationLoss() {
        if (validation.queries().isEmpty()) {
            return Double.NaN;
        }
        Runnable working = () -> progress.report(TrainingReport.of("validate", done, count()));
        float[][] queries = encoder.vectors(validation.queries(), weights, config.rank(), working);
        float[][] passages = encoder.vectors(validation.passages(), weights, config.rank(), working);
        return SoftmaxLoss.of(validation.set(), Arrays.asList(queries), Arrays.asList(passages), ContrastiveStep.SCALE);
    }

    private PairBatch batch(int step) {
        List<Integer> queries = plan.of(step);
        Random random = plan.random(step);
        List<Integer> passages = new ArrayList<>();
        for (int q : queries) {
            passages.add(any(train.set().queries().get(q).relevant(), random));
        }
        for (int q : queries) {
            if (!hardNegatives.get(q).isEmpty()) {
                passages.add(any(hardNegatives.get(q), random));
            }
        }
        boolean[][] alsoRelevant = new boolean[queries.size()][passages.size()];
        for (int i = 0; i < queries.size(); i++) {
            TrainingSet.Query query = train.set().queries().get(queries.get(i));
            for (int j = 0; j < passages.size(); j++) {
                alsoRelevant[i][j] = query.relevant().contains(passages.get(j));
            }
        }
        return new PairBatch(
                queries.stream().map(train.queries()::get).toArray(long[][]::new),
                passages.stream().map(train.passages()::get).toArray(long[][]::new),
                alsoRelevant);
    }

    private static int any(List<Integer> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
