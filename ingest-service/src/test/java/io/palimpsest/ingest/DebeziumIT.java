package io.palimpsest.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.PostgresEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL, its rows through Debezium and Kafka, and the documents that they become. */
@NeedsEngine(EngineKind.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class DebeziumIT extends IngestCalls {
    private Path dir;
    private PostgresEngine server;
    private PostgresEngine postgres;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<String, DeadLetter> deadLetters;
    private final List<DeadLetter> letters = new ArrayList<>();

    @BeforeAll
    void open(@TempDir Path temporary) throws Exception {
        dir = temporary;
        server = PostgresEngine.start();
        postgres = server.newDatabase();
        Path mapping = Files.writeString(
                dir.resolve("mapping.json"), "{\"tables\":[" + table("whole") + "," + table("bare") + "]}");
        house = new IngestHouse(dir.resolve("data"), Map.of("debezium.source.mapping", mapping.toString()));
        producer =
                new KafkaProducer<>(house.kafka.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
        deadLetters = new KafkaConsumer<>(
                house.kafka.consumer("test-letters", "test-letters"),
                Topics.DEAD_LETTER.key().deserializer(),
                Topics.DEAD_LETTER.value().deserializer());
        deadLetters.subscribe(List.of(Topics.DEAD_LETTER.name()));
    }

    @AfterAll
    void close() throws Exception {
        if (house != null) {
            producer.close();
            deadLetters.close();
            house.close();
        }
        server.close();
    }

    /** With schemas and without: the documents are the same. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "bare"})
    void aTablesRowsAreDocumentsWhateverHappensToThem(String table) throws Exception {
        DebeziumRun.Connector connector =
                new DebeziumRun.Connector(postgres, table, dir.resolve(table + ".offsets"), table.equals("whole"));
        try (Admin admin = Admin.create(house.kafka.common("test"))) { // after the source has begun to wait for it
            admin.createTopics(List.of(new NewTopic(connector.topic(), 2, (short) 1)))
                    .all()
                    .get();
        }
        sql("CREATE TABLE " + table
                + " (id INT PRIMARY KEY, headline TEXT, body TEXT, readers TEXT[], price NUMERIC(8,2))");
        sql("INSERT INTO " + table
                + " SELECT i, 'title ' || i, 'body ' || i, '{a,b}', 1.50 FROM generate_series(1, 4) i");
        sql("INSERT INTO " + table + " VALUES (9, 'large', '" + large() + "', '{a}', 2)");
        try (DebeziumRun running = new DebeziumRun(connector, producer)) {
            until(() -> live(table, 1, 2, 3, 4, 9));
            assertThat(of(table, 1).access()).containsExactly("group:a", "group:b");
            assertThat(of(table, 1).labels()).containsEntry("price", "1.50");
            assertThat(of(table, 1).source()).isEqualTo("debezium:" + table);
            follow(table);
        }
        restart(table, connector);
        alter(table, connector);
        snapshotAgain(table, connector);
    }

    private void follow(String table) throws Exception {
        long large = of(table, 9).contentVersion();
        sql("INSERT INTO " + table + " VALUES (5, 'title 5', 'body 5', '{}', 1)");
        sql("UPDATE " + table + " SET body = 'changed' WHERE id = 1");
        sql("DELETE FROM " + table + " WHERE id = 2");
        sql("UPDATE " + table + " SET id = 40 WHERE id = 4");
        sql("UPDATE " + table + " SET headline = 'renamed' WHERE id = 9"); // its body is not logged
        until(() -> live(table, 1, 3, 5, 40, 9)
                && gone(table, 2, 4)
                && "renamed".equals(of(table, 9).title()));
        assertThat(of(table, 5).access()).isEmpty();
        assertThat(of(table, 9).contentVersion()).isEqualTo(large);
        until(() -> of(table, 1).version() == 2);

        String topic = "cms.public." + table;
        producer.send(new ProducerRecord<>(topic, "{\"id\":1}".getBytes(UTF_8), "{\"no\":1}".getBytes(UTF_8)))
                .get();
        until(() -> set(topic, ErrorCode.ROW_EVENT_MALFORMED));
    }

    private void restart(String table, DebeziumRun.Connector connector) throws Exception {
        sql("ALTER TABLE " + table + " ADD COLUMN extra TEXT");
        sql("UPDATE " + table + " SET extra = 'x', body = 'with extra' WHERE id = 3");
        sql("DELETE FROM " + table + " WHERE id = 1");
        try (DebeziumRun running = new DebeziumRun(connector, producer)) {
            until(() ->
                    gone(table, 1) && live(table, 3, 5, 9, 40) && of(table, 3).version() == 2);
            sql("DELETE FROM " + table + " WHERE id = 5");
            until(() -> gone(table, 5));
        }
    }

    /** Other types change nothing; under another key nothing is taken until it is as the mapping says again. */
    private void alter(String table, DebeziumRun.Connector connector) throws Exception {
        try (DebeziumRun running = new DebeziumRun(connector, producer)) {
            sql("ALTER TABLE " + table + " ALTER COLUMN id TYPE BIGINT, ALTER COLUMN headline TYPE VARCHAR(80)");
            sql("UPDATE " + table + " SET body = 'of other types' WHERE id = 3");
            until(() -> of(table, 3).version() == 3);
            if (connector.schemas()) {
                sql("ALTER TABLE " + table + " ALTER COLUMN price TYPE NUMERIC(12,3)");
                sql("UPDATE " + table + " SET price = 2.125 WHERE id = 3");
                until(() -> "2.125".equals(of(table, 3).labels().get("price")));
                sql("ALTER TABLE " + table + " ALTER COLUMN price TYPE NUMERIC(8,2)");
            }
            long version = of(table, 3).version();

            makeKey(table, "id, headline");
            sql("UPDATE " + table + " SET body = 'of another key' WHERE id = 3");
            until(() -> set(connector.topic(), ErrorCode.ROW_KEY_UNSUITABLE));
            assertThat(of(table, 3).version()).isEqualTo(version);
            makeKey(table, "id");
            sql("UPDATE " + table + " SET body = 'of its key' WHERE id = 3");
            until(() -> of(table, 3).version() == version + 1);
        }
    }

    private void makeKey(String table, String columns) throws SQLException {
        sql("ALTER TABLE " + table + " DROP CONSTRAINT " + table + "_pkey, ADD PRIMARY KEY (" + columns + ")");
    }

    private void snapshotAgain(String table, DebeziumRun.Connector connector) throws Exception {
        Files.delete(connector.offsets());
        sql("UPDATE " + table + " SET body = 'read again' WHERE id = 40");
        long before = of(table, 40).contentVersion();
        try (DebeziumRun running = new DebeziumRun(connector, producer)) {
            until(() -> of(table, 40).contentVersion() > before);
            assertThat(gone(table, 1, 2, 4, 5)).isTrue();
            sql("ALTER TABLE " + table + " DROP COLUMN body");
            sql("UPDATE " + table + " SET headline = 'bodiless' WHERE id = 40");
            until(() -> set(connector.topic(), ErrorCode.ROW_COLUMN_MISSING));
            sql("TRUNCATE " + table);
            until(() -> set(connector.topic(), ErrorCode.ROW_TABLE_TRUNCATED));
            assertThat(live(table, 40)).isTrue();
            sql("INSERT INTO " + table + " VALUES (40, 'again', '{a}', 1)");
            sql("DELETE FROM " + table + " WHERE id = 40");
            until(() -> gone(table, 40));
        }
    }

    private static String table(String name) {
        return "{\"name\":\"" + name + "\",\"topic\":\"cms.public." + name + "\",\"id\":\"db://" + name
                + "/{id}\",\"content\":\"body\",\"title\":\"headline\","
                + "\"access\":[{\"column\":\"readers\",\"prefix\":\"group:\"}],\"labels\":{\"price\":\"price\"},"
                + "\"types\":{\"price\":\"decimal(2)\"}}";
    }

    /** Too large, and too random, to stay in its row. */
    private static String large() {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append(Integer.toString(random.nextInt(1 << 30), 36)).append(' ');
        }
        return text.toString();
    }

    private boolean set(String topic, ErrorCode code) {
        deadLetters.poll(Duration.ofMillis(200)).forEach(record -> letters.add(record.value()));
        return letters.stream().anyMatch(letter -> letter.topic().equals(topic) && letter.errorCode() == code);
    }

    private boolean live(String table, int... ids) {
        for (int id : ids) {
            if (!isLive("db://" + table + "/" + id)) {
                return false;
            }
        }
        return true;
    }

    private boolean gone(String table, int... ids) {
        for (int id : ids) {
            DocumentRevised revised = house.indexer.revisions.get(key("db://" + table + "/" + id));
            if (revised == null || revised.state() != DocumentRevised.State.DELETED) {
                return false;
            }
        }
        return true;
    }

    private DocumentRevised of(String table, int id) {
        return Objects.requireNonNull(house.indexer.revisions.get(key("db://" + table + "/" + id)));
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }
}
