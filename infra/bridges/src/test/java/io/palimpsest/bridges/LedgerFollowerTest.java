package io.palimpsest.bridges;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerFollowerTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.LEDGER_ENTRY.name(), 0);

    @Test
    void whatWasToldBeforeTheFailingEntryDoesNotComeAgain(@TempDir Path folder) {
        List<String> told = new ArrayList<>();
        LedgerFollower.Teller teller = entry -> {
            if (entry.facts().containsValue("run-3")) {
                throw new PalimpsestException(ErrorCode.MLFLOW_UNAVAILABLE, "away");
            }
            told.addAll(entry.facts().values());
        };
        try (Telemetry telemetry = Telemetry.local();
                MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest")) {
            ConsumerLoop.Work<byte[], byte[]> work = new LedgerFollower(
                            "test",
                            new KafkaClients(Settings.defaults(folder).kafka()),
                            teller,
                            new BridgeState("test", telemetry))
                    .following();
            work.begin(consumer);
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            for (int number = 1; number <= 4; number++) {
                consumer.addRecord(record(number));
            }
            assertThatThrownBy(() -> work.polled(consumer.poll(Duration.ZERO), consumer))
                    .isInstanceOf(PalimpsestException.class);
            assertThat(told).containsExactly("run-1", "run-2");
            assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION))
                    .satisfies(position -> assertThat(position.offset()).isEqualTo(2));
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(int number) {
        String run = "run-" + number;
        LedgerEntry entry = BridgeWorld.entry(LedgerEntry.Type.RUN_STARTED, run, Map.of("run", run));
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                number - 1,
                entry.entryId().getBytes(UTF_8),
                Topics.LEDGER_ENTRY.value().serializer().serialize(PARTITION.topic(), entry));
    }
}
