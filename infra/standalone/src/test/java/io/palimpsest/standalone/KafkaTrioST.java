package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaTrio;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, three copies: one may be away and nothing stops, two and the intake waits; nothing is ever lost. */
@NeedsEngine(EngineKind.KAFKA)
final class KafkaTrioST {
    private KafkaTrio kafka;

    @TempDir
    Path data;

    @BeforeEach
    void start() {
        kafka = KafkaTrio.start();
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void nothingIsLostWhileBrokersAreKilledAndStartedAgain() throws Exception {
        Map<String, String> settings =
                Map.of("kafka.bootstrap.servers", kafka.bootstrapServers(), "kafka.replication.factor", "3");
        try (House house = House.start(data, settings);
                Load load = new Load(house)) {
            threeCopiesOfEveryTopic();
            load.atLeast(20);

            long killed = System.nanoTime();
            kafka.kill(1);
            load.atLeast(load.taken() + 20);
            System.out.println("MEASURED one of three brokers killed: 20 further changes taken after "
                    + Duration.ofNanos(System.nanoTime() - killed).toMillis() + " ms");

            kafka.stop(2); // one copy left: less than must have a record
            House.until(() -> load.refused() > 0);
            kafka.startAgain(1);
            kafka.startAgain(2);
            long back = System.nanoTime();
            load.atLeast(load.taken() + 20);
            System.out.println("MEASURED two of three brokers back: 20 further changes taken after "
                    + Duration.ofNanos(System.nanoTime() - back).toMillis() + " ms");

            Set<String> taken = load.end();
            JsonNode total = house.settled();
            System.out.println(
                    "MEASURED taken " + taken.size() + ", refused with 503 " + load.refused() + ", total " + total);
            for (String change : taken) {
                assertThat(house.ended(change).path("state").asText()).isEqualTo("INDEXED");
            }
            assertThat(house.found("keyword", "badgers")).hasSize(50);
        }
    }

    @Test
    void moreCopiesThanBrokersAreRefused() {
        kafka.kill(3);

        assertThatThrownBy(() -> House.start(
                                data,
                                Map.of(
                                        "kafka.bootstrap.servers",
                                        kafka.bootstrapServers(),
                                        "kafka.replication.factor",
                                        "4"))
                        .close())
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_REFUSED))
                .hasMessageContaining("kafka.replication.factor is 4")
                .hasMessageContaining("start the others, or lower it");
    }

    private void threeCopiesOfEveryTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            List<String> ours = admin.listTopics().names().get().stream()
                    .filter(name -> Topics.all().stream().map(Topic::name).anyMatch(name::equals)
                            || name.endsWith("-changelog"))
                    .toList();
            assertThat(ours).hasSizeGreaterThan(Topics.all().size());
            for (TopicDescription topic :
                    admin.describeTopics(ours).allTopicNames().get().values()) {
                assertThat(topic.partitions())
                        .as(topic.name())
                        .allSatisfy(
                                partition -> assertThat(partition.replicas()).hasSize(3));
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
                assertThat(admin.describeConfigs(List.of(resource))
                                .values()
                                .values()
                                .iterator()
                                .next()
                                .get()
                                .get("min.insync.replicas")
                                .value())
                        .as(topic.name())
                        .isEqualTo("2");
            }
        }
    }

    /** Publishes without end; what was refused is another change the next time. */
    private static final class Load implements AutoCloseable {
        private final House house;
        private final Set<String> taken = ConcurrentHashMap.newKeySet();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger number = new AtomicInteger();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final ExecutorService threads = Executors.newFixedThreadPool(2);

        Load(House house) {
            this.house = house;
            for (int i = 0; i < 2; i++) {
                Future<?> unused = threads.submit(this::publish);
            }
        }

        int taken() {
            return taken.size();
        }

        int refused() {
            return refused.get();
        }

        void atLeast(int count) throws Exception {
            House.until(() -> taken.size() >= count);
        }

        Set<String> end() throws Exception {
            close();
            return taken;
        }

        @Override
        public void close() throws InterruptedException {
            ended.set(true);
            threads.shutdown();
            assertThat(threads.awaitTermination(60, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        }

        private void publish() {
            while (!ended.get()) {
                int n = number.incrementAndGet();
                String event = house.event(
                        "updated", "doc:" + n, House.markdown("Note " + n + ". Badgers dig at night, says paper " + n));
                try {
                    HttpResponse<String> answer = house.post(
                            event.getBytes(StandardCharsets.UTF_8),
                            "application/cloudevents+json",
                            house.palimpsest.key());
                    if (answer.statusCode() == 202) {
                        taken.add(House.json(answer).path("changeId").asText());
                    } else {
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                        refused.incrementAndGet();
                    }
                    Thread.sleep(20);
                } catch (Exception e) {
                    System.out.println("MEASURED load ended by " + e);
                    return;
                }
            }
        }
    }
}
