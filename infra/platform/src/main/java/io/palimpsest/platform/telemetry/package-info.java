/**
 * Metrics, traces, health and log keys: closed, documented lists. Must not carry content or document ids as tags. Entry class: {@link io.palimpsest.platform.telemetry.Telemetry}.
 */
@NullMarked
package io.palimpsest.platform.telemetry;

import org.jspecify.annotations.NullMarked;
