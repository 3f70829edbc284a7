package io.palimpsest.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TelemetryTest {
    private static final String REMOTE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Telemetry telemetry = Telemetry.local();

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void countersTimersAndGaugesAreScraped() {
        AtomicInteger quarantined = new AtomicInteger(3);
        telemetry.gauge(Metric.QUARANTINE_SIZE, quarantined::get);
        telemetry.count(Metric.CHANGES_DROPPED, "duplicate");
        telemetry.count(Metric.CHANGES_DROPPED, 2, "duplicate");
        telemetry.time(Metric.EVENT_TO_SEARCHABLE, Duration.ofMillis(250), "folder");
        quarantined.set(4);

        assertThat(telemetry.scrape())
                .contains("palimpsest_changes_dropped_changes_total{reason=\"duplicate\"} 3.0")
                .contains("palimpsest_quarantine_size_contents 4.0")
                .contains("palimpsest_event_to_searchable_seconds_count{source=\"folder\"} 1")
                .contains("palimpsest_event_to_searchable_seconds_sum{source=\"folder\"} 0.25")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void aMetricIsUsedAsItIsDocumented() {
        assertThatThrownBy(() -> telemetry.count(Metric.QUARANTINE_SIZE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.count(Metric.CHANGES_DROPPED)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTraceGoesOnThroughKafkaHeaders() {
        Headers first = new RecordHeaders();
        Headers second = new RecordHeaders();
        try (TraceSpan span = telemetry.tracing().span("accept", REMOTE)) {
            assertThat(span.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            telemetry.tracing().inject(first);
        }
        try (TraceSpan span = telemetry.tracing().span("gate", first)) {
            assertThat(span.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            telemetry.tracing().inject(second);
            telemetry.tracing().inject(second);
        }

        assertThat(second.headers("traceparent")).hasSize(1);
        assertThat(new String(second.lastHeader("traceparent").value(), java.nio.charset.StandardCharsets.US_ASCII))
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                .doesNotContain("b7ad6b7169203331");
        assertThat(telemetry.tracing().current()).isEmpty();
    }

    @Test
    void withoutAParentOrWithAMalformedOneATraceBegins() {
        try (TraceSpan span = telemetry.tracing().span("accept", (String) null)) {
            assertThat(span.traceId()).hasSize(32).isNotEqualTo("0".repeat(32));
        }
        try (TraceSpan span = telemetry.tracing().span("accept", "nonsense")) {
            assertThat(span.traceId()).isNotEqualTo("0".repeat(32));
        }
    }

    @Test
    void aPartIsReadyOnlyWhenItsCheckSaysSo() {
        Health health = new Health();
        assertThat(health.isReady()).isTrue();
        health.register("index", Health.State::up);
        assertThat(health.isReady()).isTrue();
        health.register("broker", () -> {
            throw new PalimpsestException(ErrorCode.BROKER_UNAVAILABLE, "secret inside");
        });

        assertThat(health.isReady()).isFalse();
        assertThat(health.states().toString()).contains("PAL-704").doesNotContain("secret");
        assertThat(health.states()).containsEntry("index", Health.State.up());
    }
}
