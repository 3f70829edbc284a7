package io.palimpsest.platform.kafka;

import static io.palimpsest.platform.kafka.KafkaFailure.explained;
import static io.palimpsest.platform.kafka.KafkaFailure.refused;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.KafkaSettings;
import io.palimpsest.platform.config.KafkaSettings.StreamsProtocol;
import io.palimpsest.platform.kafka.KafkaPort.Answer;
import io.palimpsest.platform.kafka.KafkaPort.Asked;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka can be used, asked once at the start: it answers, lets us in, and has what we need.
 *
 * <p>Failure: after {@code kafka.start.timeout} at the latest; BROKER_UNAVAILABLE where it does not answer, KAFKA_REFUSED
 * and CONFIG_INVALID where waiting would not help. The message names the address and what to do.
 */
public final class KafkaCheck {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCheck.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private static final String AUTO_CREATE = "auto.create.topics.enable";
    private static final String STREAMS_SESSION = "group.streams.min.session.timeout.ms";
    private static final String STREAMS_HEARTBEAT = "group.streams.min.heartbeat.interval.ms";
    /** The broker's defaults. */
    private static final Duration STREAMS_SESSION_DEFAULT = Duration.ofSeconds(45);

    private static final Duration STREAMS_HEARTBEAT_DEFAULT = Duration.ofSeconds(5);

    private final KafkaClients clients;
    private final KafkaSettings settings;
    private final String address;
    private final long deadline;

    private KafkaCheck(KafkaClients clients) {
        this.clients = clients;
        this.settings = clients.settings();
        this.address = settings.bootstrapServers();
        this.deadline = System.nanoTime() + settings.startTimeout().toNanos();
    }

    /** Returns when it can be used. */
    public static KafkaCluster await(KafkaClients clients) {
        try {
            return new KafkaCheck(clients).cluster();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PalimpsestException(ErrorCode.BROKER_UNAVAILABLE, "told to stop while Kafka was asked", e);
        }
    }

    private KafkaCluster cluster() throws InterruptedException {
        requireProtocol(listening());
        Map<String, Object> properties = new HashMap<>(clients.common("start-check"));
        int millis = Math.clamp(left().toMillis(), 1_000, Integer.MAX_VALUE);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, 10_000));
        try (Admin admin = made(properties)) {
            Collection<Node> nodes = nodes(admin);
            requireReachable(nodes);
            KafkaFeatures features =
                    KafkaFeatures.of(answer(admin.describeFeatures().featureMetadata()));
            features.requireShareGroups(address);
            boolean streams = features.streamsGroups();
            if (settings.streamsProtocol() == StreamsProtocol.STREAMS && !streams) {
                throw refused(
                        "Kafka at " + address + " has no streams groups (streams.version is 0): set"
                                + " kafka.streams.protocol=auto, or switch them on with kafka-features.sh",
                        null);
            }
            Config broker = config(admin, nodes.iterator().next());
            if (createsTopics(broker)) {
                LOG.atWarn()
                        .log(
                                "the brokers at {} make any topic that is asked for: set {}=false there, or a topic that was"
                                        + " deleted comes back with another number of partitions",
                                address,
                                AUTO_CREATE);
            }
            return new KafkaCluster(
                    nodes.size(),
                    streams,
                    millis(broker, STREAMS_SESSION, STREAMS_SESSION_DEFAULT),
                    millis(broker, STREAMS_HEARTBEAT, STREAMS_HEARTBEAT_DEFAULT),
                    createsTopics(broker));
        }
    }

    /** Waits until one of the addresses listens. */
    private List<Asked> listening() throws InterruptedException {
        boolean told = false;
        while (true) {
            List<Asked> asked = KafkaPort.ask(address);
            if (asked.stream().anyMatch(one -> one.answer().listens())) {
                return asked;
            }
            if (left().isNegative() || asked.isEmpty()) {
                throw new PalimpsestException(
                        ErrorCode.BROKER_UNAVAILABLE,
                        "Kafka does not answer at " + asked + ", waited for " + settings.startTimeout()
                                + ": start it, or correct kafka.bootstrap.servers");
            }
            if (!told) {
                LOG.atWarn()
                        .addKeyValue("errorCode", ErrorCode.BROKER_UNAVAILABLE.id())
                        .log("Kafka does not answer at {}; waiting for {}", asked, settings.startTimeout());
                told = true;
            }
            Thread.sleep(PAUSE);
        }
    }

    private void requireProtocol(List<Asked> asked) {
        String protocol = settings.securityProtocol();
        boolean tls = protocol.endsWith("SSL");
        Asked found = asked.getLast();
        if (tls && found.answer() == Answer.KAFKA) {
            throw refused(
                    "Kafka at " + found.address() + " speaks plaintext there, and kafka.client.security.protocol is "
                            + protocol + ": give the port of its TLS listener, or set it to "
                            + protocol.replace("SASL_SSL", "SASL_PLAINTEXT").replaceAll("^SSL$", "PLAINTEXT"),
                    null);
        }
        if (!tls && found.answer() == Answer.TLS) {
            throw refused(
                    "Kafka at " + found.address() + " speaks TLS there, and kafka.client.security.protocol is "
                            + protocol + ": set it to SSL or SASL_SSL",
                    null);
        }
        if (!tls && found.answer() == Answer.OTHER) {
            throw refused(
                    "what listens at " + found.address() + " does not answer as Kafka does in plaintext: correct"
                            + " kafka.bootstrap.servers, or, if it speaks TLS, set kafka.client.security.protocol to SSL"
                            + " or SASL_SSL",
                    null);
        }
    }

    private static Admin made(Map<String, Object> properties) {
        try {
            return Admin.create(properties);
        } catch (KafkaException e) {
            throw KafkaFailure.unusable(e);
        }
    }

    private Collection<Node> nodes(Admin admin) throws InterruptedException {
        Collection<Node> nodes = answer(admin.describeCluster().nodes());
        if (nodes.isEmpty()) {
            throw new PalimpsestException(ErrorCode.BROKER_UNAVAILABLE, "Kafka at " + address + " has no brokers");
        }
        return nodes;
    }

    /** The address we were given is for the first question only; work goes to those the brokers name. */
    private void requireReachable(Collection<Node> nodes) {
        if (nodes.stream()
                .noneMatch(node -> KafkaPort.ask(node.host(), node.port()).listens())) {
            List<String> named =
                    nodes.stream().map(node -> node.host() + ":" + node.port()).toList();
            throw new PalimpsestException(
                    ErrorCode.BROKER_UNAVAILABLE,
                    "Kafka at " + address + " answers, but sends its clients to " + named
                            + ", where nothing answers: correct advertised.listeners of the brokers");
        }
    }

    /** Null where the user may not see it. */
    private static @Nullable Config config(Admin admin, Node node) throws InterruptedException {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
        try {
            return admin.describeConfigs(Set.of(broker)).all().get().get(broker);
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e.getCause()).log("the brokers do not show their settings to this user");
            return null;
        }
    }

    private static Duration millis(@Nullable Config broker, String key, Duration unknown) {
        ConfigEntry entry = broker == null ? null : broker.get(key);
        return entry == null || entry.value() == null ? unknown : Duration.ofMillis(Long.parseLong(entry.value()));
    }

    private static boolean createsTopics(@Nullable Config broker) {
        ConfigEntry entry = broker == null ? null : broker.get(AUTO_CREATE);
        return entry != null && Boolean.parseBoolean(entry.value());
    }

    private <T> T answer(org.apache.kafka.common.KafkaFuture<T> future) throws InterruptedException {
        String protocol = settings.securityProtocol();
        try {
            return future.get(Math.max(1_000, left().toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw silent(protocol, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException late
                    ? silent(protocol, late)
                    : explained(address, protocol, e);
        }
    }

    private PalimpsestException silent(String protocol, Exception cause) {
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE,
                "Kafka at " + address + " listens, but gave no answer within " + settings.startTimeout()
                        + " to a client with kafka.client.security.protocol=" + protocol
                        + ": if it asks for a log-in, set it to SASL_PLAINTEXT or SASL_SSL with kafka.client.sasl.*;"
                        + " if its port is not a TLS one, to PLAINTEXT; otherwise see the log of the broker",
                cause);
    }

    private Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }
}
