package io.palimpsest.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.DeletedTopic;
import io.palimpsest.platform.kafka.TopicRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a table's topic may do beside what a database does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class DebeziumSourceIT extends IngestCalls {
    private static final String TOPIC = "cms.public.articles";

    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    void open(@TempDir Path dir) throws Exception {
        Path mapping = Files.writeString(
                dir.resolve("mapping.json"),
                "{\"tables\":[{\"name\":\"articles\",\"topic\":\"" + TOPIC
                        + "\",\"id\":\"db://articles/{id}\",\"content\":\"body\"}]}");
        house = new IngestHouse(dir.resolve("data"), Map.of("debezium.source.mapping", mapping.toString()));
        admin = Admin.create(house.kafka.common("test"));
        producer =
                new KafkaProducer<>(house.kafka.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
        create(1);
    }

    @AfterAll
    void close() throws Exception {
        if (house != null) {
            producer.close();
            admin.close();
            house.close();
        }
    }

    @Test
    void whatAConnectorSendsAgainAfterACrashBringsNothingBack() throws Exception {
        send(1, event("c", 100, "first"));
        send(1, event("u", 101, "second"));
        send(1, event("d", 102, null));
        send(1, null);
        send(2, event("c", 103, "marker"));
        until(() -> isLive(id(2)) && isGone(id(1)));
        long revision = revision(id(1)).revision();

        send(1, event("u", 101, "second"));
        send(1, event("d", 102, null));
        send(1, null);
        send(2, event("u", 104, "marker again"));
        until(() -> revision(id(2)).version() == 2);
        assertThat(revision(id(1)).revision()).isEqualTo(revision);
        assertThat(revision(id(1)).state()).isEqualTo(DocumentRevised.State.DELETED);
    }

    @Test
    void aTopicThatIsMadeAnewWhileItIsReadGoesOnWithHigherPositions() throws Exception {
        for (int i = 0; i < 5; i++) {
            send(7, event("u", 200 + i, "text " + i));
        }
        until(() -> isLive(id(7)) && revision(id(7)).version() == 5);

        DeletedTopic.delete(admin, TOPIC);
        create(3);
        send(7, event("u", 300, "after"));
        send(8, event("c", 301, "new"));
        until(() -> revision(id(7)).version() == 6 && isLive(id(8)));
        until(() -> house.health.states().entrySet().stream()
                .anyMatch(part ->
                        part.getKey().equals("debezium") && part.getValue().ready()));
    }

    @Test
    void theTraceOfARowGoesOnUntilItsRevision() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        ProducerRecord<byte[], byte[]> row = row(9, event("c", 400, "traced"));
        row.headers().add(EventHeaders.TRACEPARENT, ("00-" + trace + "-00f067aa0ba902b7-01").getBytes(UTF_8));
        producer.send(row).get();
        send(10, event("c", 401, "of no trace"));
        until(() -> isLive(id(9)) && isLive(id(10)));

        Map<DocumentKey, String> parents = parentsOfRevisions();
        assertThat(parents.get(key(id(9)))).startsWith("00-" + trace + "-");
        assertThat(parents.get(key(id(10)))).isNotNull().doesNotContain(trace);
    }

    /** Empty for none. */
    private Map<DocumentKey, String> parentsOfRevisions() {
        Map<DocumentKey, String> parents = new HashMap<>();
        TopicRecords.of(Topics.REVISED, house.kafka.consumer("test-revisions", "test-revisions"))
                .forEach(record -> parents.put(
                        record.key(),
                        EventHeaders.get(record.headers(), EventHeaders.TRACEPARENT)
                                .orElse("")));
        return parents;
    }

    private void create(int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1)))
                .all()
                .get();
    }

    private void send(int id, @Nullable String value) throws Exception {
        producer.send(row(id, value)).get();
    }

    private static ProducerRecord<byte[], byte[]> row(int id, @Nullable String value) {
        byte[] bytes =
                value == null ? null : value.replace("ID", Integer.toString(id)).getBytes(UTF_8);
        return new ProducerRecord<>(TOPIC, ("{\"id\":" + id + "}").getBytes(UTF_8), bytes);
    }

    private static String event(String op, long lsn, @Nullable String body) {
        String row = body == null ? "null" : "{\"id\":ID,\"body\":\"" + body + "\"}";
        return "{\"before\":null,\"after\":" + row + ",\"source\":{\"connector\":\"postgresql\",\"snapshot\":\"false\","
                + "\"ts_ms\":1700000000000,\"txId\":" + lsn + ",\"lsn\":" + lsn + "},\"op\":\"" + op + "\"}";
    }

    private boolean isGone(String document) {
        @Nullable DocumentRevised revised = house.indexer.revisions.get(key(document));
        return revised != null && revised.state() == DocumentRevised.State.DELETED;
    }

    private static String id(int id) {
        return "db://articles/" + id;
    }
}
