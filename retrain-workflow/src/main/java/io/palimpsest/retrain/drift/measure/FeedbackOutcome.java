package io.palimpsest.retrain.drift.measure;

import io.palimpsest.contracts.event.FeedbackGiven;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which feedback says that an answer was good or bad. */
public final class FeedbackOutcome {
    private FeedbackOutcome() {}

    /**
     * Empty where it says neither: a middling rating, a comment, and clicks, since nothing is told of results that nobody clicked.
     */
    public static Optional<Boolean> of(FeedbackGiven given) {
        return of(given.kind(), given.value());
    }

    /** @param value as the kind has it */
    public static Optional<Boolean> of(FeedbackGiven.Kind kind, @Nullable Integer value) {
        return switch (kind) {
            case THUMB -> value == null || value == 0 ? Optional.empty() : Optional.of(value > 0);
            case RATING -> value == null || value == 3 ? Optional.empty() : Optional.of(value > 3);
            case CORRECTION -> Optional.of(false);
            case CLICK, COMMENT -> Optional.empty();
        };
    }
}
