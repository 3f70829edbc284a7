package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
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
    private Admin admin;

    @BeforeAll
    void start(@TempDir Path folder) {
        broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        KafkaClients clients =
                new KafkaClients(Settings.defaults(folder).kafka().at(broker.bootstrapServers()));
        admin = Admin.create(clients.common("test-admin"));
    }

    @AfterAll
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void missingTopicsAreMadeAsTheCatalogueSaysAndASecondCallChangesNothing() throws Exception {
        TopicCatalog catalog = new TopicCatalog(Topics.all(), (short) 1);
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
        new TopicCatalog(List.of(topic("differs", 2, Topic.Cleanup.DELETE)), (short) 1).ensure(admin);

        TopicCatalog other = new TopicCatalog(List.of(topic("differs", 3, Topic.Cleanup.COMPACT)), (short) 1);

        assertThatThrownBy(() -> other.ensure(admin))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("2 partitions instead of 3")
                .hasMessageContaining("cleanup.policy=delete instead of compact");
    }

    @Test
    void aShareGroupIsSetToReadCommittedFromTheStart() throws Exception {
        assertThatCode(() -> TopicCatalog.shareGroup(admin, "extract")).doesNotThrowAnyException();

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
