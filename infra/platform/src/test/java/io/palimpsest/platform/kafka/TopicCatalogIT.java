package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.KafkaSettings;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against the real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TopicCatalogIT {
    private EmbeddedKafka broker;
    private KafkaSettings settings;
    private Admin admin;

    @BeforeAll
    void start(@TempDir Path folder) {
        broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        settings = Settings.defaults(folder).kafka().at(broker.bootstrapServers());
        admin = Admin.create(new KafkaClients(settings).common("test-admin"));
    }

    @AfterAll
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void missingTopicsAreMadeAsTheCatalogueSaysAndASecondCallChangesNothing() throws Exception {
        TopicCatalog catalog = new TopicCatalog(settings, Topics.all());
        catalog.ensure(admin);
        catalog.ensure(admin);

        Set<String> names = admin.listTopics().names().get();
        assertThat(names).containsAll(Topics.all().stream().map(Topic::name).toList());
        ConfigResource revised = new ConfigResource(ConfigResource.Type.TOPIC, Topics.REVISED.name());
        assertThat(admin.describeConfigs(List.of(revised))
                        .all()
                        .get()
                        .values()
                        .iterator()
                        .next()
                        .get("cleanup.policy")
                        .value())
                .isEqualTo("compact");
        assertThat(admin.describeTopics(List.of(Topics.CHANGED.name()))
                        .allTopicNames()
                        .get()
                        .values()
                        .iterator()
                        .next()
                        .partitions())
                .hasSize(Topics.CHANGED.partitions());
    }

    @Test
    void anExistingTopicThatDiffersStopsTheStart() {
        new TopicCatalog(settings, List.of(topic("differs", 2, Topic.Cleanup.DELETE))).ensure(admin);

        TopicCatalog other = new TopicCatalog(settings, List.of(topic("differs", 3, Topic.Cleanup.COMPACT)));

        assertThatThrownBy(() -> other.ensure(admin))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("Kafka at " + broker.bootstrapServers())
                .hasMessageContaining("2 partitions instead of 3")
                .hasMessageContaining("cleanup.policy=delete instead of compact")
                .hasMessageContaining("set cleanup.policy back")
                .hasMessageContaining("use other brokers");
    }

    @Test
    void moreCopiesThanThereAreBrokersStopTheStart() {
        KafkaSettings trio =
                Settings.load(Map.of("kafka.replication.factor", "3")).kafka().at(broker.bootstrapServers());
        TopicCatalog catalog = new TopicCatalog(trio, List.of(topic("copied", 1, Topic.Cleanup.DELETE)));

        assertThatThrownBy(() -> catalog.ensure(admin))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_REFUSED))
                .hasMessageContaining("Kafka at " + broker.bootstrapServers() + ": topic copied")
                .hasMessageContaining("kafka.replication.factor is 3")
                .hasMessageContaining("start the others, or lower it");
    }

    @Test
    void aTopicThatIsMissingBesideOthersIsToldOfAndAFirstStartTellsOfNone() throws Exception {
        Topic<byte[], byte[]> kept = topic("kept", 1, Topic.Cleanup.DELETE);
        Topic<byte[], byte[]> lost = topic("lost", 1, Topic.Cleanup.DELETE);
        TopicCatalog catalog = new TopicCatalog(settings, List.of(kept, lost));
        assertThat(catalog.ensure(admin)).isEmpty();
        assertThat(catalog.ensure(admin)).isEmpty();

        DeletedTopic.delete(admin, "lost");

        assertThat(catalog.ensure(admin)).extracting(TopicCatalog.Missed::topic).containsExactly(lost);
        assertThat(catalog.ensure(admin)).isEmpty();
    }

    @Test
    void aTopicThatIsDeletedWhileItIsLookedForIsMade() throws Exception {
        Topic<byte[], byte[]> kept = topic("stays", 1, Topic.Cleanup.DELETE);
        Topic<byte[], byte[]> lost = topic("goes", 1, Topic.Cleanup.DELETE);
        TopicCatalog catalog = new TopicCatalog(settings, List.of(kept, lost));
        catalog.ensure(admin);

        try (Admin late = new DeletingAdmin(new KafkaClients(settings).common("late-admin"), "goes")) {
            assertThat(catalog.ensure(late))
                    .extracting(TopicCatalog.Missed::topic)
                    .containsExactly(lost);
        }
        assertThat(catalog.ensure(admin)).isEmpty();
    }

    /** Lists a topic for the last time, and deletes it. */
    private static final class DeletingAdmin extends ForwardingAdmin {
        private final String topic;
        private boolean deleted;

        DeletingAdmin(Map<String, Object> properties, String topic) {
            super(properties);
            this.topic = topic;
        }

        @Override
        public ListTopicsResult listTopics(ListTopicsOptions options) {
            ListTopicsResult listed = super.listTopics(options);
            if (!deleted) {
                deleted = true;
                listed.names().toCompletionStage().toCompletableFuture().join();
                assertThatCode(() -> DeletedTopic.delete(this, topic)).doesNotThrowAnyException();
            }
            return listed;
        }
    }

    @Test
    void aShareGroupIsSetToReadCommittedFromTheStart() throws Exception {
        assertThatCode(() -> ShareGroup.ensure(settings, admin, "extract")).doesNotThrowAnyException();

        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "extract");
        Map<ConfigResource, org.apache.kafka.clients.admin.Config> configs =
                admin.describeConfigs(List.of(group)).all().get();
        assertThat(configs.values()
                        .iterator()
                        .next()
                        .get("share.auto.offset.reset")
                        .value())
                .isEqualTo("earliest");
        assertThat(configs.values()
                        .iterator()
                        .next()
                        .get("share.isolation.level")
                        .value())
                .isEqualTo("read_committed");
    }

    private static Topic<byte[], byte[]> topic(String name, int partitions, Topic.Cleanup cleanup) {
        return new Topic<>(name, Serdes.ByteArray(), Serdes.ByteArray(), partitions, Duration.ofDays(1), cleanup);
    }
}
