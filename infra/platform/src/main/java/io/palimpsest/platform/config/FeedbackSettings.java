package io.palimpsest.platform.config;

import java.time.Duration;

/**
 * What people say of results.
 *
 * @param retention who said it, and what, is deleted after
 */
public record FeedbackSettings(Duration lateAfter, Duration retention) {
    static void define(Definition definition) {
        definition
                .group("Feedback")
                .duration(
                        "feedback.late.after",
                        "P7D",
                        "How long after a query feedback on it counts. What comes later is kept, marked late, and counts for nothing.")
                .duration(
                        "feedback.retention",
                        "P365D",
                        "How long feedback is kept: who gave it, its words, and what it was given on. Judgements and training sets made with it stay.");
    }

    static FeedbackSettings of(Values values) {
        return new FeedbackSettings(values.duration("feedback.late.after"), values.duration("feedback.retention"));
    }
}
