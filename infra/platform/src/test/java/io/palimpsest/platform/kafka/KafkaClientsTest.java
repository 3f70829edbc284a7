package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.Settings;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

final class KafkaClientsTest {
    private final KafkaClients clients = new KafkaClients(Settings.load(Map.of(
                    "kafka.bootstrap.servers", "127.0.0.1:1",
                    "kafka.client.linger.ms", "7",
                    "kafka.client.isolation.level", "read_uncommitted",
                    "kafka.client.enable.idempotence", "false",
                    "kafka.client.bootstrap.servers", "elsewhere:1"))
            .kafka());

    @Test
    void whatTheOperatorPassesThroughReachesTheClientsButCannotWeakenThem() {
        assertThat(clients.producer("intake"))
                .containsEntry("linger.ms", "7")
                .containsEntry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1")
                .containsEntry(ProducerConfig.CLIENT_ID_CONFIG, "intake")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all");
        assertThat(clients.consumer("indexer", "index"))
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .containsEntry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .containsEntry(ConsumerConfig.GROUP_ID_CONFIG, "index");
        assertThat(clients.transactionalProducer("intake", "intake-0"))
                .containsEntry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "intake-0");
    }

    @Test
    void aShareConsumerAcceptsItsProperties() {
        KafkaClients plain = new KafkaClients(
                Settings.load(Map.of("kafka.bootstrap.servers", "127.0.0.1:1")).kafka());

        try (ShareConsumer<byte[], byte[]> consumer = new org.apache.kafka.clients.consumer.KafkaShareConsumer<>(
                plain.shareConsumer("extract", "extract"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            assertThat(consumer.subscription()).isEmpty();
        }
    }
}
