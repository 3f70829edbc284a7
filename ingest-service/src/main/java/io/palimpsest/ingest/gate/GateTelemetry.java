package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.Locale;

/** Counts how changes end in the platform's metrics. */
public final class GateTelemetry implements GateCounters {
    private final Telemetry telemetry;

    public GateTelemetry(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public void accepted(String source, DocumentAccepted.Effect effect) {
        telemetry.count(Metric.CHANGES_ACCEPTED, effect.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void dropped(String source, ChangeDropped.Reason reason) {
        telemetry.count(Metric.CHANGES_DROPPED, reason.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void refused(String source, ErrorCode code) {
        telemetry.count(Metric.DEAD_LETTERS, code.id());
    }
}
