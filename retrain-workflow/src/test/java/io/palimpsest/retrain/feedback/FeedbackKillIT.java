package io.palimpsest.retrain.feedback;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.feedback.QueryLogRows.hits;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 while feedback is taken in and published: what was acknowledged is there, in rows and on the topic, in order. */
final class FeedbackKillIT {
    private static final int LIVES = 3;
    private static final int RECEIPTS_A_LIFE = 40;

    @Test
    @Timeout(180)
    void rowsAndRecordsAgreeAfterKills(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            KafkaClients kafka = FeedbackGiver.clients(broker.bootstrapServers());
            try (Admin admin = Admin.create(kafka.common("test"))) {
                new TopicCatalog(kafka.settings(), List.of(Topics.FEEDBACK_GIVEN)).ensure(admin);
            }
            String query = QueryLogRows.ask(
                    database.sql(),
                    new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json"))),
                    "refunds",
                    Instant.now(),
                    hits("a"));
            long acknowledged = 0;
            for (int life = 0; life < LIVES; life++) {
                acknowledged = live(folder, broker.bootstrapServers(), query, "life" + life + "-");
            }
            drain(database, broker.bootstrapServers());

            List<FeedbackGiven> rows = new FeedbackLog(database.sql()).after(DOCS, 0, 100_000);
            assertThat(rows)
                    .extracting(FeedbackGiven::sequence)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, rows.size()).boxed().toList());
            assertThat((long) rows.size()).isGreaterThanOrEqualTo(acknowledged);
            assertThat(acknowledged).isGreaterThanOrEqualTo((long) LIVES * RECEIPTS_A_LIFE);
            Set<FeedbackGiven> firsts = new LinkedHashSet<>(records(broker.bootstrapServers(), rows.getLast()));
            assertThat(firsts).as("by the first time that each is there").containsExactlyElementsOf(rows);
        }
    }

    /** @return the last sequence that was acknowledged before the kill */
    private static long live(Path folder, String brokers, String query, String callers) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FeedbackGiver.class.getName(),
                        folder.toString(),
                        brokers,
                        query,
                        callers)
                .redirectError(folder.resolve(callers + "err").toFile())
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long last = 0;
            int receipts = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.matches("\\d+")) { // not the log
                    last = Long.parseLong(line);
                    if (++receipts == RECEIPTS_A_LIFE) {
                        process.toHandle().destroyForcibly(); // the process' own would close what is still to be read
                    }
                }
            }
            return last;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void drain(Database database, String brokers) throws InterruptedException {
        try (KafkaProducer<String, FeedbackGiven> producer = FeedbackGiver.producer(brokers)) {
            FeedbackOutbox outbox =
                    new FeedbackOutbox(database.sql(), producer, brokers, new LedgerEntries(new byte[32]), entry -> {});
            int sent;
            do {
                sent = outbox.publishSome();
            } while (sent > 0);
        }
    }

    private static List<FeedbackGiven> records(String brokers, FeedbackGiven last) {
        List<FeedbackGiven> records = new ArrayList<>();
        try (KafkaConsumer<String, FeedbackGiven> consumer = new KafkaConsumer<>(
                FeedbackGiver.clients(brokers).consumer("test", "test"),
                Topics.FEEDBACK_GIVEN.key().deserializer(),
                Topics.FEEDBACK_GIVEN.value().deserializer())) {
            consumer.subscribe(List.of(Topics.FEEDBACK_GIVEN.name()));
            Instant end = Instant.now().plusSeconds(60);
            while (!records.contains(last) && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> records.add(record.value()));
            }
        }
        return records;
    }
}
