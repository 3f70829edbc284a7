package io.palimpsest.platform.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.palimpsest.contracts.error.ErrorCode;

/** A piece of work in a trace, current on its thread until it is closed there. */
public final class TraceSpan implements AutoCloseable {
    private final Span span;
    private final Scope scope;

    private TraceSpan(Span span, Scope scope) {
        this.span = span;
        this.scope = scope;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with this
    static TraceSpan current(Span span) {
        return new TraceSpan(span, span.makeCurrent());
    }

    /** 32 hex digits. */
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    /** What is better known at the end than at the start. */
    public void rename(String name) {
        span.updateName(name);
    }

    public void failed(ErrorCode code) {
        span.setStatus(StatusCode.ERROR, code.id());
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
