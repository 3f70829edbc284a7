package io.palimpsest.retrain.feedback;

import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.FeedbackGiven.Kind;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import io.palimpsest.platform.security.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/** A process that takes feedback in and publishes it until it is killed. Prints the sequence of each receipt it gave. */
final class FeedbackGiver {
    private FeedbackGiver() {}

    /** Arguments: folder with database and key, broker, query id, name of the callers of this life. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
                KafkaProducer<String, FeedbackGiven> producer = producer(arguments[1])) {
            QueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
            FeedbackIntake intake = new FeedbackIntake(
                    database.sql(),
                    new LoggedQueries(database.sql(), cipher),
                    cipher,
                    new KeyedDigests(new byte[32]),
                    Duration.ofDays(7),
                    Clock.systemUTC());
            FeedbackOutbox outbox = new FeedbackOutbox(
                            database.sql(), producer, arguments[1], new LedgerEntries(new byte[32]), entry -> {})
                    .start();
            for (int i = 0; ; i++) {
                FeedbackReceipt receipt = intake.take(
                        QueryLogRows.caller(arguments[3] + i, Role.SEARCH),
                        new FeedbackRequest(arguments[2], Kind.THUMB, 1, null, null, null));
                outbox.wake();
                System.out.println(receipt.sequence());
            }
        }
    }

    static KafkaProducer<String, FeedbackGiven> producer(String brokers) {
        return new KafkaProducer<>(
                clients(brokers).promptProducer("feedback-outbox"),
                Topics.FEEDBACK_GIVEN.key().serializer(),
                Topics.FEEDBACK_GIVEN.value().serializer());
    }

    static KafkaClients clients(String brokers) {
        return new KafkaClients(Settings.load(Map.of()).kafka().at(brokers));
    }
}
