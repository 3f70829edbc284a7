package io.palimpsest.retrain.workflow;

import org.jspecify.annotations.Nullable;

/**
 * How a run ended, and why.
 *
 * @param model that was trained; null where it did not come to that
 * @param reason codes and numbers, never text of documents or queries
 */
public record RunEnd(Outcome outcome, @Nullable String model, String reason) {}
