package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.KafkaSettings.StreamsProtocol;
import io.palimpsest.platform.config.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against the real broker; log-ins and TLS: SecureKafkaST. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaCheckIT {
    private EmbeddedKafka broker;
    private Admin admin;

    @BeforeAll
    void start(@TempDir Path folder) {
        broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void aBrokerWithAllWeNeedIsUsedAndGivesOutTheTasksOfStreams() {
        KafkaCluster found = KafkaCheck.await(clients(Map.of()));

        assertThat(found.brokers()).isEqualTo(1);
        assertThat(found.createsTopics()).isFalse();
        assertThat(found.streamsProtocol(StreamsProtocol.AUTO)).isEqualTo(StreamsProtocol.STREAMS);
        assertThat(found.streamsProtocol(StreamsProtocol.CLASSIC)).isEqualTo(StreamsProtocol.CLASSIC);
    }

    @Test
    void brokersThatNoticeAKilledInstanceLateAreGivenTheClassicProtocol() {
        assertThat(automatic(true, 45_000, 500)).isEqualTo(StreamsProtocol.CLASSIC);
        assertThat(automatic(true, 6_000, 5_000)).isEqualTo(StreamsProtocol.CLASSIC);
        assertThat(automatic(false, 6_000, 500)).isEqualTo(StreamsProtocol.CLASSIC);
        assertThat(automatic(true, 6_000, 500)).isEqualTo(StreamsProtocol.STREAMS);
    }

    private static StreamsProtocol automatic(boolean streamsGroups, int sessionMillis, int heartbeatMillis) {
        return new KafkaCluster(
                        3, streamsGroups, Duration.ofMillis(sessionMillis), Duration.ofMillis(heartbeatMillis), false)
                .streamsProtocol(StreamsProtocol.AUTO);
    }

    @Test
    void aBrokerWithoutShareGroupsIsRefused() throws Exception {
        set("share.version", 0);
        try {
            assertThatThrownBy(() -> KafkaCheck.await(clients(Map.of())))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_REFUSED))
                    .hasMessageContaining(broker.bootstrapServers())
                    .hasMessageContaining("share groups")
                    .hasMessageContaining("kafka-features.sh upgrade --feature share.version=1");
        } finally {
            set("share.version", 1);
        }
    }

    @Test
    void streamsGroupsThatTheBrokerHasNotAreRefusedOnlyWhereTheyAreAskedFor() throws Exception {
        set("streams.version", 0);
        try {
            assertThat(KafkaCheck.await(clients(Map.of())).streamsProtocol(StreamsProtocol.AUTO))
                    .isEqualTo(StreamsProtocol.CLASSIC);
            assertThatThrownBy(() -> KafkaCheck.await(clients(Map.of("kafka.streams.protocol", "streams"))))
                    .hasMessageContaining("no streams groups")
                    .hasMessageContaining("kafka.streams.protocol=auto");
        } finally {
            set("streams.version", 1);
        }
    }

    @Test
    void whatListensAndIsNoKafkaIsNamedInTime() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + mute.getLocalPort();
            assertThatThrownBy(() -> KafkaCheck.await(clients(Map.of("kafka.bootstrap.servers", address))))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_REFUSED))
                    .hasMessageContaining(address)
                    .hasMessageContaining("kafka.bootstrap.servers");
        }
    }

    @Test
    void aSettingOfTheClientsThatIsNotValidIsNamedWithoutItsValue() {
        assertThatThrownBy(() -> KafkaCheck.await(clients(Map.of("kafka.client.retries", "a-secret"))))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("kafka.client.retries")
                .hasMessageNotContaining("a-secret");
    }

    private void set(String feature, int level) throws Exception {
        admin.updateFeatures(
                        Map.of(
                                feature,
                                new FeatureUpdate(
                                        (short) level, level == 0 ? UpgradeType.SAFE_DOWNGRADE : UpgradeType.UPGRADE)),
                        new UpdateFeaturesOptions())
                .all()
                .get();
    }

    private KafkaClients clients(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(
                Map.of("kafka.bootstrap.servers", broker.bootstrapServers(), "kafka.start.timeout", "PT5S"));
        all.putAll(given);
        return new KafkaClients(Settings.load(all).kafka());
    }
}
