package io.palimpsest.index.weaviate;

import io.grpc.StatusRuntimeException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.weaviate.client6.v1.api.WeaviateApiException;
import io.weaviate.client6.v1.api.WeaviateConnectException;
import io.weaviate.client6.v1.api.WeaviateException;
import io.weaviate.client6.v1.api.WeaviateTransportException;
import io.weaviate.client6.v1.api.WeaviateUnsupportedVersionException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with the server, in words that name it and say what to do. The server's own words are looked at, never
 * quoted: they may hold what was sent.
 */
final class Failures {
    private static final String SERVER = "the Weaviate server at ";
    private static final Set<String> PASSING =
            Set.of("UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED", "CANCELLED");
    private static final Set<String> KEY = Set.of("UNAUTHENTICATED", "PERMISSION_DENIED");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    /** Of the client, when another request has found the connection lost. */
    private static final List<String> LOST_WORDS =
            List.of("channel closed", "channel shutdown", "connection closed", "connection reset", "io exception");

    /** The last one: made up by the server at a write, without tenants. */
    private static final List<String> GONE_WORDS = List.of(
            "not found in schema",
            "not present in schema",
            "class not found",
            "class does not exist",
            "could not find class",
            "cannot find index for class",
            "tenant not found",
            "multi-tenancy disabled");

    private static final String GONE =
            "has lost a collection of the index, or its tenant: start the index service again,"
                    + " and it is rebuilt (AUTOSCHEMA_ENABLED=false keeps the server from making up collections)";

    private static final List<String> FEW_WORDS = List.of("query maximum results exceeded");
    private static final String FEW = "gives less than " + Engine.MAX_RESULTS + " objects for one query: start it with"
            + " QUERY_MAXIMUM_RESULTS=" + Engine.MAX_RESULTS + " or more";

    private static final List<String> PASSING_WORDS = List.of(
            "context deadline",
            "context canceled",
            "connection refused",
            "timeout",
            "not enough memory",
            "no leader",
            "leader not found",
            "rate limit",
            "shutdown",
            "shutting down",
            "not ready",
            "unavailable");

    private final String address;

    Failures(String address) {
        this.address = address;
    }

    /** A failure, and whether asking again may help. */
    record Failure(Kind kind, String reason) {}

    /** What another attempt could change. */
    enum Kind {
        /** Without a connection. */
        LOST,
        PASSING,
        READ_ONLY,
        FINAL;

        boolean isPassing() {
            return this == LOST || this == PASSING;
        }
    }

    Failure of(Exception e) {
        if (has(e, CertificateException.class)) {
            return new Failure(
                    Kind.FINAL,
                    "shows a certificate that is not trusted: add its authority to the JVM's trust store"
                            + " (javax.net.ssl.trustStore)");
        }
        return switch (e) {
            case WeaviateUnsupportedVersionException old ->
                new Failure(Kind.FINAL, "is older than 1.32: upgrade it to 1.32 or later");
            case WeaviateApiException api when api.isHTTP() -> http(api);
            case WeaviateApiException api -> grpc(String.valueOf(api.grpcStatusCode()), api.getMessage());
            case StatusRuntimeException raw -> grpc(raw.getStatus().getCode().name(), raw.getMessage());
            case WeaviateConnectException down ->
                e.getCause() instanceof WeaviateApiException api && api.isHTTP() ? http(api) : stopped();
            case WeaviateTransportException lost -> stopped();
            case IOException lost -> stopped();
            case WeaviateException other -> new Failure(Kind.FINAL, "failed: " + name(other));
            default -> new Failure(Kind.FINAL, "failed: " + name(e));
        };
    }

    private static boolean has(@Nullable Throwable e, Class<? extends Throwable> type) {
        return e != null && (type.isInstance(e) || has(e.getCause(), type));
    }

    private static String name(Exception e) {
        return e.getClass().getSimpleName();
    }

    private static Failure stopped() {
        return new Failure(
                Kind.LOST, "does not answer: start it, or correct index.weaviate.host and the ports; see its log");
    }

    private static Failure http(WeaviateApiException e) {
        int status = e.httpStatusCode() == null ? SERVER_ERROR : e.httpStatusCode();
        return switch (status) {
            case 401, 403 -> key();
            default -> {
                if (ReadOnly.is(e.getMessage())) {
                    yield readOnly(e.getMessage());
                }
                if (words(e.getMessage(), GONE_WORDS)) {
                    yield gone();
                }
                boolean passing = status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
                yield new Failure(passing ? Kind.PASSING : Kind.FINAL, "answered " + status + "; see its log");
            }
        };
    }

    private static Failure grpc(String status, @Nullable String message) {
        String code = status.toUpperCase(Locale.ROOT);
        if (KEY.contains(code)) {
            return key();
        }
        if (ReadOnly.is(message)) {
            return readOnly(message);
        }
        if (words(message, GONE_WORDS)) {
            return gone();
        }
        if (words(message, FEW_WORDS)) {
            return new Failure(Kind.FINAL, FEW);
        }
        if (code.equals("DEADLINE_EXCEEDED")) {
            return new Failure(Kind.PASSING, "is slower than index.weaviate.timeout; see its load and its log");
        }
        if (code.equals("UNAVAILABLE") || words(message, LOST_WORDS)) {
            return stopped();
        }
        boolean passing = PASSING.contains(code) || words(message, PASSING_WORDS);
        return new Failure(passing ? Kind.PASSING : Kind.FINAL, "answered " + code + "; see its log");
    }

    private static Failure key() {
        return new Failure(Kind.FINAL, "refuses the key: correct index.weaviate.key, and what it may do there");
    }

    private static Failure gone() {
        return new Failure(Kind.FINAL, GONE);
    }

    private static Failure readOnly(@Nullable String words) {
        return new Failure(Kind.READ_ONLY, ReadOnly.reason(words));
    }

    /** @param error of one object of a batch */
    static Failure ofObject(String error) {
        if (ReadOnly.is(error)) {
            return readOnly(error);
        }
        if (words(error, GONE_WORDS)) {
            return gone();
        }
        return words(error, PASSING_WORDS)
                ? new Failure(Kind.PASSING, "did not take an object in time; see its log")
                : new Failure(Kind.FINAL, "refuses an object; see its log");
    }

    private static boolean words(@Nullable String text, List<String> any) {
        String lower = String.valueOf(text).toLowerCase(Locale.ROOT);
        return any.stream().anyMatch(lower::contains);
    }

    /** @param what was tried, for the message */
    PalimpsestException exception(Failure failure, String what, int attempts, @Nullable Throwable cause) {
        ErrorCode code = switch (failure.kind()) {
            case LOST, PASSING -> ErrorCode.INDEX_UNAVAILABLE;
            case READ_ONLY -> ErrorCode.INDEX_WRITE_FAILED;
            case FINAL -> ErrorCode.INDEX_REFUSED;
        };
        String tries = attempts > 1 ? " (" + attempts + " attempts)" : "";
        return new PalimpsestException(
                code, SERVER + address + " " + failure.reason() + "; " + what + " failed" + tries, cause);
    }

    /** @param what has no collections, or not all */
    PalimpsestException lost(String what) {
        return refused(GONE + "; " + what);
    }

    PalimpsestException refused(String reason) {
        return new PalimpsestException(ErrorCode.INDEX_REFUSED, SERVER + address + " " + reason);
    }
}
