package io.palimpsest.platform.temporal;

import io.grpc.StatusRuntimeException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.TemporalSettings;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed call means to the operator. */
record TemporalFailure(String address, TemporalSettings settings) {
    /** How gRPC says that the answer was a TLS alert (RFC 8446 §5.1: 15 03) where HTTP/2 was expected. */
    private static final String ALERT = "bytes: 1503";

    /** What is wrong with the way we talk, where that can be told. */
    private enum Talk {
        TLS_TO_PLAINTEXT,
        PLAINTEXT_TO_TLS,
        NO_TRUST,
        FINE
    }

    boolean mayPass(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, CANCELLED, ABORTED, INTERNAL, UNKNOWN ->
                talk(e) == Talk.FINE && !e.getStatus().isOk() && !isOurs(e);
            default -> false;
        };
    }

    /** Of the start, which has waited as long as it may. */
    PalimpsestException explained(StatusRuntimeException e) {
        return explained(e, settings.startTimeout());
    }

    /** @param waited for an answer, where none came */
    PalimpsestException explained(StatusRuntimeException e, Duration waited) {
        PalimpsestException ours = find(e, PalimpsestException.class); // of a key file that cannot be read
        if (ours != null) {
            return ours;
        }
        return switch (e.getStatus().getCode()) {
            case UNAUTHENTICATED ->
                refused(
                        "does not know these credentials: correct temporal.api.key (or its file), or the client's"
                                + " certificate",
                        e);
            case PERMISSION_DENIED ->
                refused(
                        "does not permit these credentials to use namespace \"" + settings.namespace()
                                + "\": correct temporal.namespace or temporal.api.key",
                        e);
            case NOT_FOUND ->
                refused(
                        "has no namespace \"" + settings.namespace()
                                + "\": correct temporal.namespace, or create it with: temporal operator namespace create "
                                + settings.namespace(),
                        e);
            case UNIMPLEMENTED -> refused("is no Temporal frontend, or a very old one: correct temporal.address", e);
            default -> unavailable(e, waited);
        };
    }

    private PalimpsestException unavailable(StatusRuntimeException e, Duration waited) {
        return switch (talk(e)) {
            case TLS_TO_PLAINTEXT ->
                refused(
                        "speaks plaintext there: give the port that speaks TLS, or leave temporal.tls.* and the API key out",
                        e);
            case PLAINTEXT_TO_TLS -> refused("speaks TLS there: set temporal.tls.enabled=true", e);
            case NO_TRUST ->
                refused(
                        "and this client do not trust each other (" + reason(e)
                                + "): correct temporal.tls.ca.file and temporal.tls.server.name, or the client's certificate",
                        e);
            case FINE ->
                new PalimpsestException(
                        ErrorCode.TEMPORAL_UNAVAILABLE,
                        "Temporal at " + address + " does not answer, waited for " + waited + " ("
                                + reason(e) + "): start it, or correct temporal.address"
                                + (hungUp(e) ? "; if it speaks TLS, set temporal.tls.enabled=true" : ""),
                        e);
        };
    }

    PalimpsestException deleted() {
        return refused(
                "has deleted the namespace \"" + settings.namespace() + "\": correct temporal.namespace, or create it",
                null);
    }

    PalimpsestException refused(String what, @Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.TEMPORAL_REFUSED, "Temporal at " + address + " " + what, cause);
    }

    private static Talk talk(StatusRuntimeException e) {
        SSLException tls = find(e, SSLException.class);
        if (tls != null) {
            String text = tls.getClass().getSimpleName() + tls.getMessage();
            return text.contains("NotSslRecord") || text.contains("not an SSL/TLS record")
                    ? Talk.TLS_TO_PLAINTEXT
                    : Talk.NO_TRUST;
        }
        for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT).contains(ALERT)) {
                return Talk.PLAINTEXT_TO_TLS;
            }
        }
        return Talk.FINE;
    }

    /** Some TLS servers answer plaintext with nothing. */
    private boolean hungUp(StatusRuntimeException e) {
        return !settings.tls() && String.valueOf(e.getMessage()).contains("Network closed");
    }

    private static boolean isOurs(StatusRuntimeException e) {
        return find(e, PalimpsestException.class) != null;
    }

    private static String reason(StatusRuntimeException e) {
        if (find(e, UnknownHostException.class) != null) {
            return "the name is unknown";
        }
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String text = String.valueOf(deepest.getMessage());
        return text.length() > 200 ? text.substring(0, 200) : text;
    }

    static <T extends Throwable> @Nullable T find(Throwable e, Class<T> type) {
        for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
