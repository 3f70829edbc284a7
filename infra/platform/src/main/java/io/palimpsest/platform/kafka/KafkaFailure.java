package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What a failure of Kafka's clients means to the operator. Messages of Kafka are given on where they name no secret. */
public final class KafkaFailure {
    private static final String RUNNING = "see that its brokers run and have room on their disks";
    private static final String PERMITTED = "give it the permissions that the guide lists (kafka-acls.sh)";
    private static final Pattern KEY = Pattern.compile("for configuration ([a-z0-9._]+)");

    private KafkaFailure() {}

    /**
     * @param address for the message
     * @return KAFKA_REFUSED where waiting does not help, otherwise BROKER_UNAVAILABLE
     */
    static PalimpsestException explained(String address, String securityProtocol, Throwable failure) {
        Throwable cause = unwrapped(failure);
        String place = "Kafka at " + address + " ";
        return switch (cause) {
            case SslAuthenticationException e ->
                refused(
                        place + "and this client do not trust each other (" + deepest(e)
                                + "): correct kafka.client.ssl.truststore.* and the name in the broker's certificate,"
                                + " or kafka.client.ssl.keystore.* where the broker asks for a certificate",
                        e);
            case SaslAuthenticationException e ->
                refused(
                        place + "does not let this user in (" + e.getMessage()
                                + "): correct kafka.client.sasl.jaas.config and kafka.client.sasl.mechanism",
                        e);
            case AuthenticationException e ->
                refused(
                        place + "takes no log-in of this kind (" + e.getMessage()
                                + "): correct kafka.client.security.protocol (now " + securityProtocol
                                + ") and kafka.client.sasl.mechanism",
                        e);
            case AuthorizationException e ->
                refused(place + "does not permit this user what is needed (" + e.getMessage() + "): " + PERMITTED, e);
            case UnsupportedVersionException e ->
                refused(place + "is too old (" + e.getMessage() + "): use Kafka 4.2 or newer", e);
            default ->
                new PalimpsestException(
                        ErrorCode.BROKER_UNAVAILABLE,
                        place + "did not answer (" + kind(cause) + "): " + RUNNING,
                        cause);
        };
    }

    /**
     * A record that may or may not be on its topic. A broker without room on its disk stops, and says no more than that.
     *
     * @param what was sent, for the message: such as {@code the change}
     * @param topic it was sent to
     * @param failure of the producer; what wraps it counts for nothing
     */
    public static PalimpsestException unacknowledged(String address, String what, String topic, Exception failure) {
        Throwable cause = unwrapped(failure);
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE,
                "Kafka at " + address + " did not acknowledge " + what + " for topic " + topic + " ("
                        + cause.getClass().getSimpleName() + "): " + remedy(cause) + "; sending it again does no harm",
                cause);
    }

    private static String remedy(Throwable failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnknownTopicOrPartitionException) {
                return "it has no such topic, which is made again within seconds where this user may";
            }
            if (t instanceof AuthenticationException) {
                return "it does not let this user in any more: correct kafka.client.sasl.* or the user at the brokers";
            }
            if (t instanceof AuthorizationException) {
                return "this user may not write there: " + PERMITTED;
            }
        }
        return RUNNING;
    }

    /** A client that could not even be made: a file that is not there, a class, a password of a store. */
    static PalimpsestException unusable(RuntimeException failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConfigException) { // its message shows the value, which may be a secret
                Matcher key = KEY.matcher(String.valueOf(t.getMessage()));
                return new PalimpsestException(
                        ErrorCode.CONFIG_INVALID,
                        key.find()
                                ? "kafka.client." + key.group(1) + " is not valid for Kafka's clients"
                                : "a setting under kafka.client. is missing, or not valid for Kafka's clients");
            }
        }
        return new PalimpsestException(
                ErrorCode.CONFIG_INVALID,
                "the settings under kafka.client. make no client: " + kind(root(failure)),
                failure);
    }

    static PalimpsestException refused(String message, @Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.KAFKA_REFUSED, message, cause);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String kind(Throwable e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private static String deepest(Throwable e) {
        return String.valueOf(root(e).getMessage());
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
