package io.palimpsest.testkit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/**
 * Three brokers in containers, each a controller too, that keep three copies of everything of their own; one at a time may
 * be killed and started again.
 *
 * @param ports of the brokers on 127.0.0.1, in the order of their ids 1 to 3
 */
public record KafkaTrio(List<GenericContainer<?>> brokers, List<Integer> ports, Network network)
        implements AutoCloseable {
    private static final int BROKERS = 3;

    public static KafkaTrio start() {
        Network network = Network.newNetwork();
        List<Integer> ports = FreePorts.take(BROKERS);
        List<GenericContainer<?>> brokers = new ArrayList<>();
        for (int id = 1; id <= BROKERS; id++) {
            GenericContainer<?> broker = new GenericContainer<>(EngineKind.KAFKA.image())
                    .withNetwork(network)
                    .withNetworkAliases("broker-" + id)
                    .withEnv(environment(id, ports.get(id - 1)))
                    .waitingFor(Wait.forLogMessage(".*Transitioning from RECOVERY to RUNNING.*", 1)
                            .withStartupTimeout(Duration.ofMinutes(2)));
            broker.setPortBindings(List.of("127.0.0.1:" + ports.get(id - 1) + ":9092"));
            brokers.add(broker);
        }
        Startables.deepStart(brokers).join();
        return new KafkaTrio(brokers, ports, network);
    }

    public String bootstrapServers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** As by a power cut; the files stay. */
    public void kill(int id) {
        GenericContainer<?> broker = brokers.get(id - 1);
        broker.getDockerClient().killContainerCmd(broker.getContainerId()).exec();
    }

    /** As an operator does before maintenance. */
    public void stop(int id) {
        GenericContainer<?> broker = brokers.get(id - 1);
        broker.getDockerClient()
                .stopContainerCmd(broker.getContainerId())
                .withTimeout(20)
                .exec();
    }

    /** With the files that it had. */
    public void startAgain(int id) {
        GenericContainer<?> broker = brokers.get(id - 1);
        broker.getDockerClient().startContainerCmd(broker.getContainerId()).exec();
    }

    @Override
    public void close() {
        brokers.forEach(GenericContainer::stop);
        network.close();
    }

    private static Map<String, String> environment(int id, int port) {
        Map<String, String> env = new HashMap<>();
        env.putAll(KafkaEngine.SMALL);
        env.put("KAFKA_NODE_ID", Integer.toString(id));
        env.put("KAFKA_PROCESS_ROLES", "broker,controller");
        env.put(
                "KAFKA_CONTROLLER_QUORUM_VOTERS",
                IntStream.rangeClosed(1, BROKERS)
                        .mapToObj(i -> i + "@broker-" + i + ":9093")
                        .collect(Collectors.joining(",")));
        env.put("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER");
        env.put("KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:9092,INSIDE://0.0.0.0:19092,CONTROLLER://0.0.0.0:9093");
        env.put("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://127.0.0.1:" + port + ",INSIDE://broker-" + id + ":19092");
        env.put("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        env.put("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE");
        env.put("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "3");
        env.put("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "3");
        env.put("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "2");
        env.put("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "3");
        env.put("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "2");
        // Small: three of them share a machine with what is tested.
        env.put("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4");
        env.put("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
        env.put("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_NUM_PARTITIONS", "4");
        env.put("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        env.put("KAFKA_GROUP_STREAMS_INITIAL_REBALANCE_DELAY_MS", "0");
        env.put("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        env.put("KAFKA_LOG_DIRS", "/tmp/kafka-logs");
        return env;
    }
}
