package io.palimpsest.platform.telemetry;

import static io.palimpsest.contracts.topic.EventHeaders.TRACEPARENT;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.platform.config.TelemetrySettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Traces through the hops, as W3C {@code traceparent} in HTTP and Kafka headers. Without a collector spans go nowhere,
 * but ids are made and passed on all the same.
 *
 * <p>Threading: safe; a span is current on the thread that started it, and ended there.
 */
public final class Tracing implements AutoCloseable {
    private static final Duration LAST_SPANS = Duration.ofSeconds(3); // arbitrary

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    Tracing(TelemetrySettings settings) {
        this(settings.otlpEndpoint().map(Tracing::exporting));
    }

    Tracing(Optional<SpanProcessor> processor) {
        SdkTracerProviderBuilder builder = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.builder()
                                .put("service.name", "palimpsest")
                                .build())));
        // Without any processor the SDK makes no ids, and the trace of whoever calls us would end here.
        builder.addSpanProcessor(processor.orElse(new Discarding()));
        this.provider = builder.build();
        this.tracer = provider.get("io.palimpsest");
    }

    /** Starts a span under the one that the record's headers name, or a new trace. */
    public TraceSpan span(String name, Headers headers) {
        return span(name, EventHeaders.get(headers, TRACEPARENT).orElse(null));
    }

    /** Starts a span under the given {@code traceparent}; under the thread's current span when null or malformed. */
    public TraceSpan span(String name, @Nullable String traceparent) {
        Context parent = traceparent == null
                ? Context.current()
                : W3CTraceContextPropagator.getInstance()
                        .extract(Context.current(), Map.of(TRACEPARENT, traceparent), new MapGetter());
        Span span = tracer.spanBuilder(name).setParent(parent).startSpan();
        return TraceSpan.current(span);
    }

    /** The thread's current span as {@code traceparent}; empty outside of one. */
    public Optional<String> current() {
        Map<String, String> carrier = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(Context.current(), carrier, (map, key, value) -> {
            if (map != null) {
                map.put(key, value);
            }
        });
        return Optional.ofNullable(carrier.get(TRACEPARENT));
    }

    /** Writes the thread's current span into a record's headers, in place of what was there. */
    public void inject(Headers headers) {
        current().ifPresent(traceparent -> {
            headers.remove(TRACEPARENT);
            headers.add(TRACEPARENT, traceparent.getBytes(StandardCharsets.US_ASCII));
        });
    }

    /** Sends what is left, as far as a collector takes it in time: a stop does not wait for one that is away. */
    @Override
    public void close() {
        CompletableResultCode unused = provider.shutdown().join(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static SpanProcessor exporting(URI endpoint) {
        return BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                        .setEndpoint(endpoint.toString())
                        .build())
                .build();
    }

    private static final class Discarding implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {}

        @Override
        public boolean isEndRequired() {
            return false;
        }
    }

    private static final class MapGetter implements TextMapGetter<Map<String, String>> {
        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    }
}
