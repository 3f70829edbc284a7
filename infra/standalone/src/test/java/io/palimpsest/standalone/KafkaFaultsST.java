package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.kafka.DeletedTopic;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/**
 * While Kafka is away or stands still, the intake says so and nothing is lost; afterwards everything goes on by itself. Too few
 * copies to write: KafkaTrioST.
 */
final class KafkaFaultsST {
    @TempDir
    Path directory;

    @Test
    void aBrokerThatStopsOrLosesATopicIsWaitedFor() throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        Path data = directory.resolve("data");
        Map<String, String> settings = Map.of("kafka.bootstrap.servers", address);
        List<String> documents = List.of("doc:before", "doc:restarted", "doc:topic-again");
        try {
            try (House house = House.start(data, settings)) {
                house.index("created", "doc:before", House.markdown("Otters swim before."));

                broker.close();
                PausedIntake.refused(house, "see that its brokers run");
                broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
                PausedIntake.goesOn(house, "doc:restarted");

                delete(address, Topics.CHANGED);
                PausedIntake.goesOn(house, "doc:topic-again");
                toldOf(house, Topics.CHANGED);
                assertThat(house.found("keyword", "otters")).containsExactlyInAnyOrderElementsOf(documents);

                delete(address, Topics.REVISED);
                toldOf(house, Topics.REVISED);
            }
            // Whoever starts knows of documents from the topic of revisions, which is filled again by then or soon.
            try (House house = House.start(data, settings)) {
                House.until(() -> house.found("keyword", "otters").size() == documents.size());
                assertThat(house.found("keyword", "otters")).containsExactlyInAnyOrderElementsOf(documents);
            }
        } finally {
            broker.close();
        }
    }

    private static void delete(String address, Topic<?, ?> topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            DeletedTopic.delete(admin, topic.name());
        }
    }

    /** Once in the ledger, and by whoever looks after the process. */
    private static void toldOf(House house, Topic<?, ?> topic) throws Exception {
        House.until(() -> house.ledger().stream()
                        .filter(entry -> entry.type() == LedgerEntry.Type.TOPIC_MADE_AGAIN)
                        .filter(entry -> topic.name().equals(entry.facts().get("topic")))
                        .count()
                == 1);
        House.until(() -> {
            HttpResponse<String> health = house.get("/health/ready", house.palimpsest.key());
            return health.statusCode() == 200 && health.body().contains(topic.name());
        });
    }

    @Nested
    @NeedsEngine(EngineKind.KAFKA)
    final class StandingStill {
        @Test
        void aBrokerThatStandsStillIsWaitedFor() throws Exception {
            try (KafkaEngine kafka = KafkaEngine.startContainer(Map.of());
                    House house = House.start(
                            directory.resolve("data"), Map.of("kafka.bootstrap.servers", kafka.bootstrapServers()))) {
                house.index("created", "doc:before", House.markdown("Otters swim before."));
                GenericContainer<?> container = kafka.container().orElseThrow();

                container
                        .getDockerClient()
                        .pauseContainerCmd(container.getContainerId())
                        .exec();
                PausedIntake.refused(house, "see that its brokers run");
                container
                        .getDockerClient()
                        .unpauseContainerCmd(container.getContainerId())
                        .exec();
                PausedIntake.goesOn(house, "doc:after");
            }
        }
    }
}
