package io.palimpsest.retrain.drift.measure;

import java.util.List;

/**
 * A window as it would be if all questions were of another kind: the reference's own, with everything moved. Every signal that works
 * must find it drifted; how small a drift they find is for the benchmark to show.
 */
public final class InjectedDrift {
    private InjectedDrift() {}

    /** Deterministic: the same reference gives the same window. */
    public static Window window(Reference reference, int samples) {
        List<float[]> embeddings = reference.embeddings().sample(samples).stream()
                .map(InjectedDrift::turned)
                .toList();
        Tally known = reference.tally();
        Tally tally = new Tally();
        for (int i = 0; i < samples; i++) {
            tally.add(
                    new QuerySample(
                            null,
                            (int) farthest(known.tokens()),
                            known.similarity().total() == 0 ? null : Double.valueOf(farthest(known.similarity())),
                            known.overlap().total() == 0 ? null : Double.valueOf(farthest(known.overlap())),
                            0),
                    true);
        }
        return new Window(reference.model(), tally, embeddings);
    }

    /** The end of the grid that is farther from the middle of what is known. */
    private static double farthest(Counts known) {
        int last = known.grid().bins() - 1;
        return known.grid().value(known.quantileBin(0.5) * 2 < last ? last : 0);
    }

    /** Each value in the next dimension's place: as far from one another as they were, and far from all others. */
    private static float[] turned(float[] vector) {
        float[] turned = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            turned[(i + 1) % vector.length] = vector[i];
        }
        return turned;
    }
}
