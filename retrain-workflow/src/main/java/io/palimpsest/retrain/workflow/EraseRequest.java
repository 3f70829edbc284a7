package io.palimpsest.retrain.workflow;

import java.time.Duration;

/**
 * An erasure: which document it is stands in the database only, until it is over.
 *
 * @param runId the erasure's id too
 * @param cause who asked
 * @param expiry how long a second person has
 */
public record EraseRequest(String runId, Scope scope, String cause, Duration expiry) implements RunRequest {}
