package io.palimpsest.testkit.engine;

import io.palimpsest.testkit.fault.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.MountableFile;

/**
 * A broker in a container that lets nobody in without a log-in: SASL_SSL (SCRAM-SHA-512 and PLAIN) on one port,
 * SASL_PLAINTEXT (PLAIN) on another, and, for tests that look at what comes of it, plaintext without a log-in, once directly and
 * once through a proxy. Users may do only what they are permitted, except {@link #USER}; those who log in do so again every few
 * seconds.
 *
 * @param saslSsl {@code host:port}
 * @param saslPlaintext {@code host:port}
 * @param open {@code host:port}
 * @param proxy before another port without a log-in, whose clients find no way round it
 */
public record SecureKafka(
        GenericContainer<?> container,
        String saslSsl,
        String saslPlaintext,
        String open,
        FaultProxy proxy,
        Certificates certificates)
        implements AutoCloseable {
    /** May do everything. */
    public static final String USER = "palimpsest";
    /** May do nothing until a test permits it. */
    public static final String LIMITED = "limited";

    public static final String PASSWORD = "password-of-a-test";

    private static final String KEYS = "/etc/kafka/secrets/";

    public static SecureKafka start(Certificates certificates) {
        FaultProxy proxy = new FaultProxy("127.0.0.1", 0); // first: it keeps its port, the others are free again
        List<Integer> ports = FreePorts.take(4);
        proxy.lead("127.0.0.1", ports.get(3));
        GenericContainer<?> container = new GenericContainer<>(EngineKind.KAFKA.image())
                .withCopyFileToContainer(MountableFile.forHostPath(certificates.keyStore(), 0444), KEYS + "server.p12")
                .withCopyToContainer(
                        Transferable.of(Certificates.PASSWORD.getBytes(StandardCharsets.UTF_8), 0444),
                        KEYS + "password")
                .waitingFor(Wait.forLogMessage(".*Transitioning from RECOVERY to RUNNING.*", 1)
                        .withStartupTimeout(Duration.ofSeconds(90)));
        container.setPortBindings(List.of(
                "127.0.0.1:" + ports.get(0) + ":9094",
                "127.0.0.1:" + ports.get(1) + ":9095",
                "127.0.0.1:" + ports.get(2) + ":9096",
                "127.0.0.1:" + ports.get(3) + ":9097"));
        Containers.start(container, environment(ports, proxy));
        return new SecureKafka(container, at(ports.get(0)), at(ports.get(1)), at(ports.get(2)), proxy, certificates);
    }

    /** Of a client over {@link #saslSsl} with SCRAM; whoever uses it makes the user first, see {@link #scramUser}. */
    public Map<String, String> scramClient(String password) {
        Map<String, String> client = new HashMap<>(tls());
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", "SCRAM-SHA-512");
        client.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + scramUser()
                        + "\" password=\"" + password + "\";");
        return client;
    }

    /** Of a client over {@link #saslPlaintext}. */
    public static Map<String, String> plainClient(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    /** What a client needs to trust {@link #saslSsl}. */
    public Map<String, String> tls() {
        return Map.of(
                "ssl.truststore.location",
                certificates.trustStore().toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                Certificates.PASSWORD);
    }

    /** {@code host:port} of the {@link #proxy}. */
    public String proxied() {
        return at(proxy.port());
    }

    public String scramUser() {
        return USER;
    }

    @Override
    public void close() {
        container.stop();
        proxy.close();
    }

    private static String at(int port) {
        return "127.0.0.1:" + port;
    }

    private static Map<String, String> environment(List<Integer> ports, FaultProxy proxy) {
        Map<String, String> env = new HashMap<>(KafkaEngine.ALONE);
        env.putAll(KafkaEngine.SMALL);
        env.put("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1");
        env.put("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "3");
        env.put("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1");
        env.put("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
        env.put("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        env.put("KAFKA_NODE_ID", "1");
        env.put("KAFKA_PROCESS_ROLES", "broker,controller");
        env.put("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093");
        env.put("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER");
        env.put(
                "KAFKA_LISTENERS",
                "SASL_SSL://0.0.0.0:9094,SASL_PLAINTEXT://0.0.0.0:9095,PLAINTEXT://0.0.0.0:9096,PROXIED://0.0.0.0:9097,INSIDE://localhost:9092,CONTROLLER://localhost:9093");
        env.put(
                "KAFKA_ADVERTISED_LISTENERS",
                "SASL_SSL://" + at(ports.get(0)) + ",SASL_PLAINTEXT://" + at(ports.get(1)) + ",PLAINTEXT://"
                        + at(ports.get(2)) + ",PROXIED://" + at(proxy.port()) + ",INSIDE://localhost:9092");
        env.put(
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                "SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        env.put("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE");
        env.put("KAFKA_CONNECTIONS_MAX_REAUTH_MS", "4000"); // a changed password is noticed
        env.put("KAFKA_SASL_ENABLED_MECHANISMS", "SCRAM-SHA-512,PLAIN");
        String users = "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\""
                + PASSWORD + "\" user_" + LIMITED + "=\"" + PASSWORD + "\";";
        env.put("KAFKA_LISTENER_NAME_SASL__SSL_PLAIN_SASL_JAAS_CONFIG", users);
        env.put("KAFKA_LISTENER_NAME_SASL__PLAINTEXT_PLAIN_SASL_JAAS_CONFIG", users);
        String scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
        env.put("KAFKA_LISTENER_NAME_SASL__SSL_SCRAM___SHA___512_SASL_JAAS_CONFIG", scram);
        env.put("KAFKA_LISTENER_NAME_SASL__PLAINTEXT_SCRAM___SHA___512_SASL_JAAS_CONFIG", scram);
        env.put("KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        env.put("KAFKA_SUPER_USERS", "User:ANONYMOUS;User:" + USER);
        env.put("KAFKA_SSL_KEYSTORE_LOCATION", KEYS + "server.p12");
        env.put("KAFKA_SSL_KEYSTORE_TYPE", "PKCS12");
        env.put("KAFKA_SSL_KEYSTORE_PASSWORD", Certificates.PASSWORD);
        env.put("KAFKA_SSL_KEY_PASSWORD", Certificates.PASSWORD);
        // The official image's own start script asks for these.
        env.put("KAFKA_SSL_KEYSTORE_FILENAME", "server.p12");
        env.put("KAFKA_SSL_KEYSTORE_CREDENTIALS", "password");
        env.put("KAFKA_SSL_KEY_CREDENTIALS", "password");
        return env;
    }
}
