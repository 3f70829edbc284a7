package io.palimpsest.retrain.judgement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an item stands: OPEN, then DONE, or by way of ADJUDICATE; SKIPPED ends it without a grade. */
public enum ReviewState {
    OPEN,
    /** Two reviewers differ by more than one grade: a third settles it. */
    ADJUDICATE,
    DONE,
    SKIPPED;

    static final int REVIEWERS = 2;
    /** So many who cannot tell: nobody can. */
    private static final int SKIPS = 2;

    /**
     * What became of an item.
     *
     * @param grade of DONE; null otherwise
     */
    record Settled(ReviewState state, @Nullable Integer grade) {}

    /**
     * @param grades of the first reviewers, in any order
     * @param adjudicated the third's grade; null while there is none
     * @param skips of all
     */
    static Settled of(List<Integer> grades, @Nullable Integer adjudicated, int skips) {
        if (adjudicated != null) {
            return new Settled(DONE, adjudicated);
        }
        if (grades.size() < REVIEWERS) {
            return new Settled(skips >= SKIPS ? SKIPPED : OPEN, null);
        }
        int low = Math.min(grades.get(0), grades.get(1));
        int high = Math.max(grades.get(0), grades.get(1));
        if (high - low > 1) {
            return new Settled(skips >= SKIPS ? SKIPPED : ADJUDICATE, null);
        }
        return new Settled(DONE, low); // of neighbours the one that claims less
    }
}
