package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
    /** More than the longest that a caller waits, on a busy machine. */
    private static final Duration ANSWER = Duration.ofSeconds(45);

    @TempDir
    Path directory;

    @Test
    void aBrokerThatStopsOrLosesATopicIsWaitedFor() throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (House house = House.start(directory.resolve("data"), Map.of("kafka.bootstrap.servers", address))) {
            house.index("created", "doc:before", House.markdown("Otters swim before."));

            broker.close();
            refused(house);
            broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
            goesOn(house, "doc:restarted");

            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                admin.deleteTopics(List.of(Topics.CHANGED.name())).all().get();
                refused(house);
                new TopicCatalog(Topics.all(), (short) 1).ensure(admin); // as the start of any process does
                goesOn(house, "doc:topic-again");
            }
            assertThat(house.found("keyword", "otters"))
                    .containsExactlyInAnyOrder("doc:before", "doc:restarted", "doc:topic-again");
        } finally {
            broker.close();
        }
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
                refused(house);
                container
                        .getDockerClient()
                        .unpauseContainerCmd(container.getContainerId())
                        .exec();
                goesOn(house, "doc:after");
            }
        }
    }

    /** Until a change is refused: the first may still find the topic. */
    private static void refused(House house) throws Exception {
        House.until(() -> {
            long begin = System.nanoTime();
            HttpResponse<String> answer = publish(house, "doc:refused");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(ANSWER);
            if (answer.statusCode() == 202) {
                return false;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("PAL-704");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            System.out.println("MEASURED refused after "
                    + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
            return true;
        });
    }

    private static void goesOn(House house, String document) throws Exception {
        long begin = System.nanoTime();
        House.until(() -> publish(house, document).statusCode() == 202);
        House.until(() -> house.found("keyword", "otters").contains(document));
        System.out.println("MEASURED " + document + " found after "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
    }

    private static HttpResponse<String> publish(House house, String document) throws Exception {
        String text = document.equals("doc:refused") ? "Nothing of note." : "Otters swim in " + document + ".";
        return house.post(
                house.event("updated", document, House.markdown(text)).getBytes(StandardCharsets.UTF_8),
                "application/cloudevents+json",
                house.palimpsest.key());
    }
}
