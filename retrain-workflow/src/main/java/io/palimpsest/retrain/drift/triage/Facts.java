package io.palimpsest.retrain.drift.triage;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known when an alarm comes. What nobody has measured is null, never a guess.
 *
 * @param alarming ids of the signals beyond their thresholds
 * @param corpus the documents
 * @param feedback shares of good answers
 * @param canaries fixed questions with known answers
 * @param labels what reviewers said of the questions that drifted
 */
public record Facts(
        Set<String> alarming,
        Corpus corpus,
        @Nullable Change feedback,
        @Nullable Canaries canaries,
        @Nullable Labels labels) {
    public Facts {
        alarming = Set.copyOf(alarming);
    }

    /**
     * The documents.
     *
     * @param stale changed at their source, and not in the index as they are now
     * @param failed in quarantine, or empty where they should not be
     * @param passages in the live generation
     * @param changedShare documents that came, went or changed since the reference, by all; 0 to 1
     */
    public record Corpus(long documents, long stale, long failed, long passages, double changedShare) {
        double unservedShare() {
            return documents + failed == 0 ? 0 : (double) (stale + failed) / (documents + failed);
        }
    }

    /** A figure in the reference period and now; higher is better. */
    public record Change(double before, double now) {
        boolean fellBy(double least) {
            return before - now >= least;
        }
    }

    /** Canary questions: nDCG@10, and the share of their relevant documents among the first 50. */
    public record Canaries(Change ndcg, Change recall) {}

    /**
     * What reviewers said.
     *
     * @param agreement Krippendorff's alpha, -1 to 1
     * @param answerable share of judged questions for which some document, wherever it was ranked, is relevant
     * @param retrieved share of the answerable whose relevant document is among the first 50 that retrieval found
     * @param rankedWell share of the retrieved whose relevant document is among the first ten shown
     * @param answeredWell share of the answers to the well ranked that those who asked found right; null where too few said
     */
    public record Labels(
            long judged,
            double agreement,
            double answerable,
            double retrieved,
            double rankedWell,
            @Nullable Double answeredWell) {}
}
