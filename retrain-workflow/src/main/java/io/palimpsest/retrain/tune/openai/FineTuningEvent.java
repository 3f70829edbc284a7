package io.palimpsest.retrain.tune.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a job.
 *
 * @param numbers of a {@code metrics} event: {@code step}, {@code total_steps}, {@code train_loss}, {@code valid_loss}
 */
record FineTuningEvent(
        @JsonProperty(required = true) String id,
        @Nullable String type,
        @JsonProperty("data") @Nullable JsonNode numbers) {
    boolean isStep() {
        return "metrics".equals(type) && numbers != null && numbers.path("step").isInt();
    }
}
