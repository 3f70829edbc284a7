package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the step of a run is that is being done.
 *
 * @param doing a fixed word or two, such as {@code train} or {@code build generation}
 * @param done steps of a training, passages of a build, queries of an evaluation
 * @param total 0 while unknown
 * @param loss of a training's last step
 * @param at when it was told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunProgress(
        Stage stage,
        String doing,
        long done,
        long total,
        @Nullable Long remainingSeconds,
        @Nullable Double loss,
        Instant at) {}
