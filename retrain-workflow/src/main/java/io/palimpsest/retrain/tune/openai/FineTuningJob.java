package io.palimpsest.retrain.tune.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the endpoint tells it.
 *
 * @param status {@code validating_files}, {@code queued}, {@code running}, {@code paused}, {@code succeeded}, {@code failed},
 *     {@code cancelled}; an unknown one counts as running
 * @param fineTunedModel when succeeded
 * @param estimatedFinish seconds since 1970
 * @param trainedTokens once it has ended, where the endpoint counts
 */
record FineTuningJob(
        @JsonProperty(required = true) String id,
        @JsonProperty(required = true) String status,
        @JsonProperty("fine_tuned_model") @Nullable String fineTunedModel,
        @JsonProperty("estimated_finish") @Nullable Long estimatedFinish,
        @JsonProperty("trained_tokens") @Nullable Long trainedTokens,
        @Nullable Failure error,
        @Nullable Map<String, String> metadata) {
    /** Its message may quote training text: it is never passed on. */
    record Failure(@Nullable String code) {}

    boolean isOf(String key) {
        return metadata != null && key.equals(metadata.get(FineTuningApi.KEY));
    }

    /** Whether it is on its way, or done: not one that ended without a model. */
    boolean isUseful() {
        return !status.equals("failed") && !status.equals("cancelled");
    }
}
