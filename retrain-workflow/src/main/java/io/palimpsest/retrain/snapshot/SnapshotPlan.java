package io.palimpsest.retrain.snapshot;

/**
 * How judgements become a training set. The same plan and judgements give the same bytes.
 *
 * @param unseenShare of the documents that are only tested with
 * @param validationShare of the documents that decide when training stops
 * @param laterShare of the queries, the last ones, that are only tested with
 * @param minimumQueries that all slices must have together; each test slice a tenth of it
 */
public record SnapshotPlan(
        long seed, double unseenShare, double validationShare, double laterShare, int minimumQueries) {
    /** Tenths are arbitrary; a test slice of a fifth of 250 queries shows gains of 0.05. */
    public static SnapshotPlan of(long seed, double unseenShare, int minimumQueries) {
        return new SnapshotPlan(seed, unseenShare, 0.1, 0.1, minimumQueries);
    }

    public SnapshotPlan {
        if (!(unseenShare > 0 && validationShare > 0 && laterShare >= 0)
                || unseenShare + validationShare > 0.8
                || laterShare > 0.5) {
            throw new IllegalArgumentException("shares leave nothing to train on, or nothing to test with");
        }
    }
}
