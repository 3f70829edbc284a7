package io.palimpsest.ingest.timeline;

/**
 * What changes add to the counts of their collection and state.
 *
 * @param arrivals deliveries, those included that only their repetition is known of
 * @param firsts deliveries that were no repetitions
 */
record ChangeCount(
        long changes, long duplicates, long arrivals, long firsts, long extracted, long embedded, long reused) {
    static final ChangeCount NONE = new ChangeCount(0, 0, 0, 0, 0, 0, 0);

    static ChangeCount of(ChangeRow row) {
        boolean firstArrived = row.arrivals > row.duplicates;
        return new ChangeCount(
                1,
                row.duplicates,
                firstArrived ? row.arrivals : row.duplicates + 1,
                firstArrived ? row.arrivals - row.duplicates : 1,
                row.extractedAt == null ? 0 : 1,
                row.embedded,
                row.reused);
    }

    ChangeCount plus(ChangeCount more) {
        return new ChangeCount(
                changes + more.changes,
                duplicates + more.duplicates,
                arrivals + more.arrivals,
                firsts + more.firsts,
                extracted + more.extracted,
                embedded + more.embedded,
                reused + more.reused);
    }

    ChangeCount minus(ChangeCount less) {
        return plus(new ChangeCount(
                -less.changes,
                -less.duplicates,
                -less.arrivals,
                -less.firsts,
                -less.extracted,
                -less.embedded,
                -less.reused));
    }
}
