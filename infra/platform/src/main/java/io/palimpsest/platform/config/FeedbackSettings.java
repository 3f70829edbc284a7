package io.palimpsest.platform.config;

import java.time.Duration;

/** What people say of results. */
public record FeedbackSettings(Duration lateAfter) {
    static void define(Definition definition) {
        definition
                .group("Feedback")
                .duration(
                        "feedback.late.after",
                        "P7D",
                        "How long after a query feedback on it counts. What comes later is kept, marked late, and counts for nothing.");
    }

    static FeedbackSettings of(Values values) {
        return new FeedbackSettings(values.duration("feedback.late.after"));
    }
}
