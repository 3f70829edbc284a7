package io.palimpsest.testkit.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A server of a test's own whose data are on a small disk in memory, which a test fills and makes room on again. A process
 * that ends, as some do on a full disk, is started again after a second, as it is where it is deployed.
 *
 * @param folder where the disk is in the container
 */
public record SmallDisk<E extends Engine>(E engine, String folder) implements AutoCloseable {
    private static final String KAFKA_DATA = "/var/lib/kafka/data";
    private static final String POSTGRES_DATA = "/var/lib/postgresql";
    private static final int KAFKA_MIB = 48;
    private static final int POSTGRES_MIB = 160; // an empty cluster takes 40, its log up to 80
    private static final int S3_MIB = 32;

    public static SmallDisk<KafkaEngine> kafka() {
        int port = FreePorts.take(1).getFirst();
        GenericContainer<?> container = new GenericContainer<>(EngineKind.KAFKA.image())
                .withEnv(KafkaEngine.ALONE)
                .withTmpFs(disk(KAFKA_DATA, KAFKA_MIB))
                .withCreateContainerCmdModifier(command -> command.withEntrypoint(again("/etc/kafka/docker/run")))
                .waitingFor(Wait.forLogMessage(".*Transitioning from RECOVERY to RUNNING.*", 1)
                        .withStartupTimeout(Duration.ofMinutes(2)));
        container.setPortBindings(List.of("127.0.0.1:" + port + ":9092")); // as clients know it after a restart
        Containers.start(container, broker(port));
        return new SmallDisk<>(new KafkaEngine("127.0.0.1:" + port, Optional.of(container)), KAFKA_DATA);
    }

    public static SmallDisk<PostgresEngine> postgres() {
        PostgreSQLContainer container = new PostgreSQLContainer(EngineKind.POSTGRES.image());
        container
                .withTmpFs(disk(POSTGRES_DATA, POSTGRES_MIB))
                .withCreateContainerCmdModifier(
                        command -> command.withEntrypoint(again("docker-entrypoint.sh", "postgres")));
        return new SmallDisk<>(PostgresEngine.of(Containers.start(container, Map.of())), POSTGRES_DATA);
    }

    public static SmallDisk<S3Engine> s3() {
        return new SmallDisk<>(S3Engine.startContainer(Map.of(), disk(S3Engine.OBJECTS, S3_MIB)), S3Engine.OBJECTS);
    }

    /** Until not a byte more fits. */
    public void fill() throws IOException, InterruptedException {
        inContainer("cat /dev/zero > " + ballast() + " 2>/dev/null; [ -s " + ballast() + " ]");
    }

    public void makeRoom() throws IOException, InterruptedException {
        inContainer("rm " + ballast());
    }

    @Override
    public void close() {
        engine.close();
    }

    private String ballast() {
        return folder + "/ballast";
    }

    private void inContainer(String script) throws IOException, InterruptedException {
        ExecResult result = engine.container().orElseThrow().execInContainer("sh", "-c", script);
        if (result.getExitCode() != 0) {
            throw new IOException(script + ": " + result.getStderr());
        }
    }

    private static Map<String, String> disk(String folder, int mebibytes) {
        return Map.of(folder, "size=" + mebibytes + "m,mode=1777");
    }

    /** The disk lasts as long as the container's first process. */
    private static String[] again(String... command) {
        return new String[] {"sh", "-c", "while :; do " + String.join(" ", Arrays.asList(command)) + "; sleep 1; done"};
    }

    private static Map<String, String> broker(int port) {
        Map<String, String> env = new HashMap<>();
        env.putAll(KafkaEngine.SMALL);
        env.put("KAFKA_NODE_ID", "1");
        env.put("KAFKA_PROCESS_ROLES", "broker,controller");
        env.put("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093");
        env.put("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER");
        env.put("KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:9092,INSIDE://localhost:19092,CONTROLLER://localhost:9093");
        env.put("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://127.0.0.1:" + port + ",INSIDE://localhost:19092");
        env.put("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        env.put("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE");
        env.put("KAFKA_BROKER_SESSION_TIMEOUT_MS", "3000"); // so long the one before it counts as alive
        env.put("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500");
        // After a restart, work is given out again only when this has passed; 30 s by default.
        env.put("KAFKA_GROUP_SHARE_INITIALIZE_RETRY_INTERVAL_MS", "2000");
        env.put("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1");
        env.put("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "3");
        env.put("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1");
        env.put("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
        env.put("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        env.put("KAFKA_LOG_DIRS", KAFKA_DATA + "/logs"); // the ballast beside it
        return env;
    }
}
