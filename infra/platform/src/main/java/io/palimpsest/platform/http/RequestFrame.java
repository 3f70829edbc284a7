package io.palimpsest.platform.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.telemetry.TraceSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every request goes through: id, span, headers, key; at the end problem, metric, refusal. */
final class RequestFrame implements Routes {
    private static final Logger LOG = LoggerFactory.getLogger(RequestFrame.class);
    private static final String STARTED = "palimpsest.started";
    private static final String BEARER = "Bearer ";
    /** Arbitrary: what is away is tried again by itself every second or so. */
    private static final String RETRY_AFTER_SECONDS = "5";

    private final ApiKeys keys;
    private final Telemetry telemetry;
    private final Consumer<RefusedRequest> refusals;

    private record Started(String id, long atNanos, TraceSpan span) {}

    RequestFrame(ApiKeys keys, Telemetry telemetry, Consumer<RefusedRequest> refusals) {
        this.keys = keys;
        this.telemetry = telemetry;
        this.refusals = refusals;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.before(this::begin);
        routes.before("/v1/*", this::authenticate);
        routes.after(this::end);
        routes.exception(PalimpsestException.class, (e, context) -> failed(context, e));
        routes.exception(HttpResponseException.class, RequestFrame::refusedByServer);
        routes.exception(Exception.class, this::defect);
    }

    private void begin(Context context) {
        TraceSpan span = telemetry.tracing().span(context.method().name(), context.header(EventHeaders.TRACEPARENT));
        Started started = new Started(UUID.randomUUID().toString(), System.nanoTime(), span);
        context.attribute(STARTED, started);
        context.header("X-Request-Id", started.id())
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .header("Cache-Control", "no-store");
    }

    private void authenticate(Context context) {
        Optional<Caller> caller = keys.authenticate(bearer(context.header("Authorization")));
        if (caller.isEmpty()) {
            context.header("WWW-Authenticate", "Bearer");
            throw new PalimpsestException(ErrorCode.KEY_UNKNOWN, "the request has no known key");
        }
        Callers.set(context, caller.get());
    }

    private void end(Context context) {
        Started started = context.attribute(STARTED);
        if (started != null) {
            started.span().rename(context.method() + " " + route(context));
            started.span().close();
            telemetry.time(
                    Metric.HTTP_DURATION,
                    Duration.ofNanos(System.nanoTime() - started.atNanos()),
                    context.method().name(),
                    route(context),
                    Integer.toString(context.statusCode()));
        }
    }

    private void failed(Context context, PalimpsestException e) {
        Started started = context.attribute(STARTED);
        if (started != null) {
            started.span().failed(e.code());
            if (e.code() == ErrorCode.KEY_UNKNOWN || e.code() == ErrorCode.ROLE_MISSING) {
                refusals.accept(new RefusedRequest(
                        started.id(),
                        Instant.now(),
                        context.method() + " " + route(context),
                        e.code(),
                        caller(context)));
            }
        }
        if (e.code() == ErrorCode.INTERNAL) {
            defect(e, context);
        } else {
            if (e.code().next() == NextAction.RETRY && e.code().httpStatus() == 503) {
                context.header("Retry-After", RETRY_AFTER_SECONDS);
            }
            answer(context, e.code().httpStatus(), Problem.of(e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** Javalin's own refusals: no such route or method, body too large, malformed request. */
    private static void refusedByServer(HttpResponseException e, Context context) {
        Problem problem = switch (e.getStatus()) {
            case 404, 405 -> Problem.of(ErrorCode.NOT_FOUND, "there is no such route");
            case 413 -> Problem.of(ErrorCode.BODY_TOO_LARGE, "the body is larger than http.max.body.bytes");
            default -> Problem.of(ErrorCode.DATA_INVALID, "the request is not valid");
        };
        answer(context, e.getStatus(), problem);
    }

    /** The cause is logged under the request's id; the caller learns the id only. */
    private void defect(Exception e, Context context) {
        Started started = context.attribute(STARTED);
        String id = started == null ? "unknown" : started.id();
        LOG.atError()
                .setCause(e)
                .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                .log("request {} failed by a defect", id);
        answer(
                context,
                ErrorCode.INTERNAL.httpStatus(),
                Problem.of(ErrorCode.INTERNAL, "the server failed on request " + id));
    }

    private static void answer(Context context, int status, Problem problem) {
        context.status(status).json(problem).contentType("application/problem+json");
    }

    private static Optional<Caller> caller(Context context) {
        try {
            return Optional.of(Callers.of(context));
        } catch (PalimpsestException e) {
            return Optional.empty();
        }
    }

    private static String route(Context context) {
        Endpoint endpoint = context.endpoints().matchedHttpEndpoint();
        return endpoint == null ? "unmatched" : endpoint.path;
    }

    private static @Nullable String bearer(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }
}
