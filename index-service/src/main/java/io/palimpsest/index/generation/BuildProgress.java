package io.palimpsest.index.generation;

import org.jspecify.annotations.Nullable;

/**
 * How far a build is.
 *
 * @param incarnation of the index that it is built in; null before it begins
 * @param checkpoint id of the last document built; null at the beginning
 * @param documents to build in all
 * @param embedded texts that the model had to embed
 * @param millis worked on it, pauses included
 */
public record BuildProgress(
        @Nullable String incarnation,
        @Nullable String checkpoint,
        long documents,
        long documentsDone,
        long passages,
        long passagesDone,
        long embedded,
        long millis) {
    public static final BuildProgress NONE = new BuildProgress(null, null, 0, 0, 0, 0, 0, 0);

    /** What is done of all that is known to be to do, 0 to 1. */
    public double share() {
        long all = passages + documents;
        return all == 0 ? 0 : Math.min(1, (passagesDone + documentsDone) / (double) all);
    }

    /** Seconds until the rest is done, at the speed so far; null while there is none to tell from. */
    public @Nullable Long etaSeconds() {
        long done = passagesDone + documentsDone;
        if (done == 0 || millis == 0) {
            return null;
        }
        long left = Math.max(0, passages + documents - done);
        return Math.round(left * (double) millis / done / 1000);
    }
}
