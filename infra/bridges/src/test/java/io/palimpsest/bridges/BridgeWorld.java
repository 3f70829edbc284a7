package io.palimpsest.bridges;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, a database with one run and one generation in it, and what services would say. */
public final class BridgeWorld implements AutoCloseable {
    public static final CollectionKey HANDBOOK = CollectionKey.of("acme", "handbook");
    public static final String MODEL = "all-minilm-l6-v2-lora/int8/0a1b2c3d";
    public static final String SNAPSHOT = "ab".repeat(32);
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final LedgerEntries ENTRIES = new LedgerEntries("0123456789abcdef0123456789abcdef".getBytes(UTF_8));

    public final Telemetry telemetry = Telemetry.local();
    public final Health health = new Health();
    public final InMemoryContentStore store = new InMemoryContentStore();
    private final EmbeddedKafka broker;
    private final Database database;
    private final KafkaProducer<byte[], byte[]> producer;

    public BridgeWorld(Path folder) throws Exception {
        broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        KafkaClients kafka = kafka(Map.of());
        try (Admin admin = Admin.create(kafka.common("test"))) {
            new TopicCatalog(kafka.settings(), List.of(Topics.LEDGER_ENTRY, Topics.ACCEPTED)).ensure(admin);
        }
        producer = new KafkaProducer<>(kafka.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
        rows(sql());
    }

    /** A run that trained, was promoted, and whose generation is live. */
    public static void rows(Sql sql) {
        long noon = NOON.toEpochMilli();
        sql.update(
                "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at, ended_at, outcome, model, reason)"
                        + " VALUES ('run-1', 'fine-tune', 'acme', 'handbook', 'manual:ops', ?, ?, ?, 'PROMOTED', ?, 'kept')",
                "{\"runId\":\"run-1\",\"trainer\":\"lora\",\"seed\":7,\"labels\":0}",
                noon,
                noon + 60_000,
                MODEL);
        stage(sql, "SNAPSHOT", "{\"hash\":\"" + SNAPSHOT + "\"}", noon + 10_000);
        stage(sql, "TRAIN", "{\"model\":\"" + MODEL + "\"}", noon + 40_000);
        sql.update(
                "INSERT INTO generation (id, tenant, collection, model, passages, passages_model, policy, dimensions, origin, state,"
                        + " written, made_at, documents_done, passages_done, embedded, build_millis)"
                        + " VALUES ('g2', 'acme', 'handbook', ?, 'g2', ?, 'content-defined/1', 384, 'BUILT', 'LIVE', 1, ?, 10, 42, 40, 1500)",
                MODEL,
                MODEL,
                noon);
        sql.update(
                "INSERT INTO generation_history (tenant, collection, number, generation, model, live_from, act, actor)"
                        + " VALUES ('acme', 'handbook', 2, 'g2', ?, ?, 'SWAP', 'service:retrain')",
                MODEL,
                noon + 50_000);
    }

    /** The report of the run, as the retrain service keeps it. */
    public void evaluated(String json) {
        DocumentKey owner = DocumentKey.of(new CollectionKey(ModelManifest.TENANT, new CollectionId("runs")), "run-1");
        sql().update(
                        "INSERT INTO run_file (run_id, name, shelf, owner, content, made_at) VALUES ('run-1', 'evaluation.json',"
                                + " 'runs', 'run-1', ?, 0)",
                        store.put(owner, json.getBytes(UTF_8)).value());
    }

    private static void stage(Sql sql, String stage, String result, long doneAt) {
        sql.update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES ('run-1', ?, ?, ?)",
                stage,
                result,
                doneAt);
    }

    public Sql sql() {
        return database.sql();
    }

    public Settings settings(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("kafka.bootstrap.servers", broker.bootstrapServers());
        return Settings.load(all);
    }

    public KafkaClients kafka(Map<String, String> given) {
        return new KafkaClients(settings(given).kafka());
    }

    public BridgesApp bridges(Map<String, String> given) {
        return BridgesApp.of(new BridgesApp.Parts(settings(given), kafka(given), sql(), store, telemetry, health));
    }

    public static LedgerEntry entry(LedgerEntry.Type type, String act, Map<String, String> facts) {
        return ENTRIES.entry(
                type,
                NOON,
                "service:test",
                new LedgerEntries.Scope(HANDBOOK.tenant(), HANDBOOK.collection()),
                act,
                facts,
                null);
    }

    public void say(LedgerEntry entry) throws Exception {
        send(
                Topics.LEDGER_ENTRY.name(),
                entry.entryId().getBytes(UTF_8),
                Topics.LEDGER_ENTRY.value().serializer().serialize(Topics.LEDGER_ENTRY.name(), entry));
    }

    /** Nothing that could be an entry. */
    public void sayNonsense() throws Exception {
        send(Topics.LEDGER_ENTRY.name(), new byte[0], "no entry".getBytes(UTF_8));
    }

    public void accept(int number, String source) throws Exception {
        DocumentAccepted accepted = accepted(number, source);
        send(
                Topics.ACCEPTED.name(),
                Topics.ACCEPTED.key().serializer().serialize(Topics.ACCEPTED.name(), accepted.key()),
                Topics.ACCEPTED.value().serializer().serialize(Topics.ACCEPTED.name(), accepted));
    }

    public static DocumentAccepted accepted(int number, String source) {
        return new DocumentAccepted(
                DocumentKey.of(HANDBOOK, "urn:secret:" + number),
                1,
                new ChangeId("change-" + number),
                source,
                new Position(0, number),
                number % 2 == 0 ? DocumentAccepted.Effect.CONTENT : DocumentAccepted.Effect.DELETE,
                0,
                null,
                DocumentProperties.NONE,
                NOON,
                NOON.plusSeconds(number));
    }

    private void send(String topic, byte[] key, byte[] value) throws Exception {
        var unused = producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    /** Where the group was. */
    public void forget(String group) throws Exception {
        try (Admin admin = Admin.create(kafka(Map.of()).common("test"))) {
            var unused = admin.deleteConsumerGroups(List.of(group)).all().get();
        }
    }

    /** Whether the group has committed all of the ledger's topic. */
    public boolean isRead(String group) {
        TopicPartition partition = new TopicPartition(Topics.LEDGER_ENTRY.name(), 0);
        try (Admin admin = Admin.create(kafka(Map.of()).common("test"))) {
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            OffsetAndMetadata position = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return position != null && position.offset() == end;
        } catch (ExecutionException | InterruptedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        producer.close();
        database.close();
        broker.close();
        telemetry.close();
    }
}
