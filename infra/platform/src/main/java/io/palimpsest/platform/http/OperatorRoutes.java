package io.palimpsest.platform.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.Map;

/** What probes and scrapers ask; without keys, and without anything about documents. */
final class OperatorRoutes implements Routes {
    private final Health health;
    private final Telemetry telemetry;

    OperatorRoutes(Health health, Telemetry telemetry) {
        this.health = health;
        this.telemetry = telemetry;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/health/live", context -> context.json(Map.of("live", true)));
        routes.get("/health/ready", this::ready);
        routes.get(
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(telemetry.scrape()));
    }

    private void ready(Context context) {
        Map<String, Health.State> parts = health.states();
        boolean ready = parts.values().stream().allMatch(Health.State::ready);
        context.status(ready ? 200 : 503).json(Map.of("ready", ready, "parts", parts));
    }
}
