package io.palimpsest.retrain.feedback;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What became of feedback that was not refused.
 *
 * @param sequence place in the order of its collection, from 1
 * @param code of {@link Outcome#LATE}; null otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FeedbackReceipt(
        String feedbackId,
        Outcome outcome,
        long sequence,
        @Nullable String code) {

    /** How it was taken. */
    public enum Outcome {
        TAKEN(202),
        /** Kept, and counts for nothing. */
        LATE(202),
        /** The same was given before: nothing changes. */
        DUPLICATE(200);

        private final int httpStatus;

        Outcome(int httpStatus) {
            this.httpStatus = httpStatus;
        }

        public int httpStatus() {
            return httpStatus;
        }
    }

    static FeedbackReceipt taken(String feedbackId, boolean late, long sequence) {
        return late
                ? new FeedbackReceipt(feedbackId, Outcome.LATE, sequence, ErrorCode.FEEDBACK_LATE.id())
                : new FeedbackReceipt(feedbackId, Outcome.TAKEN, sequence, null);
    }
}
