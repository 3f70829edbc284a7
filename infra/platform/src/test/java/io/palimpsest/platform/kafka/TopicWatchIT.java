package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.TopicCatalog.Missed;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.telemetry.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against the real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TopicWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private EmbeddedKafka broker;
    private KafkaClients clients;
    private TopicCatalog catalog;
    private Admin admin;
    private final List<Missed> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) {
        broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        clients = new KafkaClients(Settings.defaults(folder).kafka().at(broker.bootstrapServers()));
        catalog = new TopicCatalog(clients.settings(), Topics.all());
        admin = Admin.create(clients.common("test-admin"));
    }

    @AfterAll
    void stop() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void whole() throws Exception {
        assertThat(Condition.await(
                        () -> {
                            catalog.ensure(admin);
                            return catalog.look(admin).missing().isEmpty();
                        },
                        PATIENCE,
                        Duration.ofMillis(100)))
                .isTrue();
        told.clear();
    }

    @Test
    void aTopicMissingAtTwoLooksIsMadeAsTheCatalogueSaysAndToldOfOnce() throws Exception {
        TopicWatch watch = watch(Duration.ofDays(1));
        TopicDescription before = described(Topics.REVISED);
        assertThat(watch.life(Topics.REVISED)).isEmpty();
        watch.look(admin);
        assertThat(watch.state()).isEqualTo(Health.State.up());
        assertThat(watch.life(Topics.REVISED)).contains(before.topicId());

        DeletedTopic.delete(admin, Topics.REVISED.name());
        watch.look(admin);
        assertThat(watch.state()).isEqualTo(Health.State.down("Kafka has no topics [" + Topics.REVISED.name() + "]"));
        assertThat(told).isEmpty();
        assertThat(watch.life(Topics.REVISED)).isEmpty();
        assertThat(Condition.await(
                        () -> {
                            watch.look(admin);
                            return watch.state().ready();
                        },
                        PATIENCE,
                        Duration.ofMillis(10)))
                .isTrue();

        TopicDescription after = described(Topics.REVISED);
        assertThat(after.partitions()).hasSize(Topics.REVISED.partitions());
        assertThat(after.topicId()).isNotEqualTo(before.topicId());
        assertThat(told).containsExactly(new Missed(Topics.REVISED, after.topicId()));
        assertThat(watch.state().ready()).isTrue();
        assertThat(watch.state().detail()).contains("what they held is lost", Topics.REVISED.name());
        watch.look(admin);
        assertThat(watch.life(Topics.REVISED)).contains(after.topicId());
    }

    @Test
    void ofTwoProcessesOneMakesATopicAndTellsOfIt() throws Exception {
        try (TopicWatch one = watch(Duration.ofMillis(100)).start();
                TopicWatch other = watch(Duration.ofMillis(100)).start()) {
            admin.deleteTopics(List.of(Topics.CHANGED.name(), Topics.INBOX.name()))
                    .all()
                    .get();

            assertThat(Condition.await(
                            () -> told.size() == 2
                                    && one.state().ready()
                                    && other.state().ready(),
                            PATIENCE,
                            Duration.ofMillis(20)))
                    .isTrue();
            Thread.sleep(500); // several looks
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            new Missed(Topics.CHANGED, described(Topics.CHANGED).topicId()),
                            new Missed(Topics.INBOX, described(Topics.INBOX).topicId()));
        }
    }

    private TopicWatch watch(Duration pause) {
        return new TopicWatch(catalog, () -> Admin.create(clients.common("watch")), told::add, pause);
    }

    /** Once the broker has heard of it, a little later than the controller. */
    private TopicDescription described(Topic<?, ?> topic) throws Exception {
        assertThat(Condition.await(
                        () -> !catalog.look(admin).missing().contains(topic.name()), PATIENCE, Duration.ofMillis(10)))
                .isTrue();
        Map<String, TopicDescription> all =
                admin.describeTopics(List.of(topic.name())).allTopicNames().get();
        return all.values().iterator().next();
    }
}
