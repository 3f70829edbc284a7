package io.palimpsest.platform.config;

import java.net.URI;
import java.util.Optional;

/**
 * Telemetry.
 */
public record TelemetrySettings(Optional<URI> otlpEndpoint) {
    public static TelemetrySettings none() {
        return new TelemetrySettings(Optional.empty());
    }

    static void define(Definition definition) {
        definition
                .group("Telemetry")
                .text(
                        "telemetry.otlp.endpoint",
                        "",
                        "Address of an OpenTelemetry collector (OTLP over HTTP) that takes traces. Empty: none are sent.");
    }

    static TelemetrySettings of(Values values) {
        return new TelemetrySettings(values.uri("telemetry.otlp.endpoint"));
    }
}
