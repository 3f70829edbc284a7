package io.palimpsest.retrain.drift.triage;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An estimate.
 *
 * @param passages to embed
 * @param labels still to collect
 * @param labelHours of reviewers
 * @param money null where no prices are set
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Cost(
        double cpuSeconds,
        long passages,
        long labels,
        double labelHours,
        @Nullable Double money) {}
