package io.palimpsest.retrain.tune;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How far a training is. Written as one line of JSON on its standard output by a trainer's process.
 *
 * @param phase such as {@code prepare}, {@code train}, {@code merge}, {@code verify}
 * @param step steps that are done
 * @param steps in all, if nothing stops it early; 0 while unknown
 * @param loss of the last step
 * @param validationLoss of the last look at the validation slice
 * @param remainingSeconds estimated, until the last step
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingReport(
        @JsonProperty(required = true) String phase,
        int step,
        int steps,
        @Nullable Double loss,
        @Nullable Double validationLoss,
        @Nullable Double remainingSeconds) {
    /** Before the first step, and after the last one. */
    public static TrainingReport of(String phase, int step, int steps) {
        return new TrainingReport(phase, step, steps, null, null, null);
    }
}
