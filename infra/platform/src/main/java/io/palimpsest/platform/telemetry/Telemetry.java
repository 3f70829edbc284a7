package io.palimpsest.platform.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.palimpsest.platform.config.TelemetrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Metrics, by {@link Metric} only, and traces.
 *
 * <p>Threading: safe.
 */
public final class Telemetry implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Tracing tracing;

    public Telemetry(TelemetrySettings settings) {
        this.tracing = new Tracing(settings);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** With traces that go nowhere. */
    public static Telemetry local() {
        return new Telemetry(TelemetrySettings.none());
    }

    public Tracing tracing() {
        return tracing;
    }

    /** @param tagValues in the order of {@link Metric#tags()} */
    public void count(Metric metric, String... tagValues) {
        count(metric, 1, tagValues);
    }

    public void count(Metric metric, double amount, String... tagValues) {
        Counter.builder(metric.id())
                .description(metric.help())
                .baseUnit(metric.unit())
                .tags(tags(metric, Metric.Type.COUNTER, tagValues))
                .register(registry)
                .increment(amount);
    }

    public void time(Metric metric, Duration duration, String... tagValues) {
        Timer.builder(metric.id())
                .description(metric.help())
                .publishPercentileHistogram()
                .tags(tags(metric, Metric.Type.TIMER, tagValues))
                .register(registry)
                .record(duration);
    }

    /** @param value asked at every scrape; held for ever */
    public void gauge(Metric metric, Supplier<? extends Number> value, String... tagValues) {
        Gauge.builder(metric.id(), value::get)
                .description(metric.help())
                .baseUnit(metric.unit())
                .tags(tags(metric, Metric.Type.GAUGE, tagValues))
                .register(registry);
    }

    /** In Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        tracing.close();
        registry.close();
    }

    private static List<Tag> tags(Metric metric, Metric.Type use, String... values) {
        if (metric.type() != use || metric.tags().size() != values.length) {
            throw new IllegalArgumentException(
                    metric + " is a " + metric.type() + " with the tags " + metric.tags() + ", used as a " + use);
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(metric.tags().get(i), values[i]));
        }
        return tags;
    }
}
