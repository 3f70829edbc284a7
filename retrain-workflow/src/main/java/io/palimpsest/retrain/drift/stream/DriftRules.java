package io.palimpsest.retrain.drift.stream;

import java.time.Duration;
import java.util.List;

/**
 * How windows are cut.
 *
 * @param windowSamples queries of the smallest window; two and four of them make the larger ones
 * @param pace a window lasts at least so long, however many queries come: it then samples their embeddings
 * @param limit a window lasts at most so long, however few come
 * @param feedbackSamples answers of a window of feedback
 * @param selfTestEvery how often drift is injected
 */
public record DriftRules(
        int windowSamples, Duration pace, Duration limit, int feedbackSamples, Duration selfTestEvery) {
    /** Smallest windows in a larger one. */
    static final List<Integer> SCALES = List.of(1, 2, 4);

    /** Samples of each kind of window, ascending: what references are calibrated for. */
    public List<Integer> sizes() {
        return SCALES.stream().map(scale -> scale * windowSamples).toList();
    }
}
