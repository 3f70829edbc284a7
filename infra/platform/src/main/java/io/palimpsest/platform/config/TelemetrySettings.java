package io.palimpsest.platform.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Telemetry.
 *
 * @param sources beginnings of the sources of events that metrics tell apart
 */
public record TelemetrySettings(Optional<URI> otlpEndpoint, List<String> sources) {
    public TelemetrySettings {
        sources = List.copyOf(sources);
    }

    public static TelemetrySettings none() {
        return new TelemetrySettings(Optional.empty(), List.of());
    }

    static void define(Definition definition) {
        definition
                .group("Telemetry")
                .text(
                        "telemetry.otlp.endpoint",
                        "",
                        "Address of an OpenTelemetry collector (OTLP over HTTP) that takes traces. Empty: none are sent.")
                .list(
                        "telemetry.sources",
                        "",
                        "Sources whose freshness the metrics tell apart, each by the beginning of its events' source, such as folder:handbook or https://hr.example.org/. All others are \"folder\" or \"other\".");
    }

    static TelemetrySettings of(Values values) {
        return new TelemetrySettings(values.uri("telemetry.otlp.endpoint"), values.list("telemetry.sources"));
    }
}
