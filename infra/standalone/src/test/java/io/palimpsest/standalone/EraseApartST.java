package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.ServerAddress;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.PostgresEngine;
import io.palimpsest.testkit.engine.S3Engine;
import io.palimpsest.testkit.engine.TemporalEngine;
import io.palimpsest.testkit.engine.WeaviateEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Law 13 on the real engines, with every service in a process of its own: random histories of documents, two of which are erased while
 * changes of them are in flight; then no engine has a word of them. Each look would find one of those that stay.
 */
@Timeout(600)
@NeedsEngine({EngineKind.KAFKA, EngineKind.POSTGRES, EngineKind.WEAVIATE, EngineKind.S3, EngineKind.TEMPORAL})
final class EraseApartST {
    private static final String BUCKET = "erased-apart";
    private static final List<String> WORDS =
            List.of("zyzzogeton", "quokkabrumal", "mxyzptlkian", "fjordvexing", "blotchhydrax", "waltzgumption");
    private static final List<Integer> ERASED = List.of(1, 4);
    private static final int KEPT = 2;

    @TempDir
    Path work = Path.of("");

    private final Map<String, String> shared = new HashMap<>();
    private final String prefix = "E" + UUID.randomUUID().toString().substring(0, 8);
    private final KafkaEngine kafka;
    private final PostgresEngine database;
    private final WeaviateEngine weaviate;
    private final TemporalEngine temporal;
    private final S3Client s3;
    private final Cli cli = new Cli();
    private int events;

    EraseApartST(PostgresEngine postgres, WeaviateEngine weaviate, S3Engine objects, TemporalEngine temporal)
            throws SQLException {
        this.kafka = KafkaEngine.startContainer(Map.of()); // topics and groups have names of their own
        this.database = postgres.newDatabase();
        this.weaviate = weaviate;
        this.temporal = temporal;
        this.s3 = TestS3.client(objects);
        shared.putAll(kafka.settings());
        shared.putAll(database.settings());
        shared.putAll(weaviate.settings(prefix));
        shared.put("content.store", "s3");
        shared.put("content.s3.endpoint", objects.endpoint().toString());
        shared.put("content.s3.region", objects.region());
        shared.put("content.s3.bucket", BUCKET);
        shared.put("content.s3.access.key", objects.accessKey());
        shared.put("content.s3.secret.key", objects.secretKey());
        shared.put("extract.workers", "1");
    }

    @AfterEach
    void stop() {
        s3.close();
        kafka.close();
    }

    @Test
    void erasedDocumentsAreInNoEngineAndInNoProcess() throws Exception {
        shared.put("content.master.key.file", work.resolve("master.key").toString());
        shared.put("http.key.file", SecondPerson.keyFile(work).toString());
        s3.createBucket(request -> request.bucket(BUCKET));
        long seed = Long.getLong("palimpsest.seed", System.nanoTime());
        System.out.println("palimpsest.seed=" + seed);
        try (Cluster cluster = new Cluster(work, shared)) {
            cluster.start("ingest-1", "index-1");
            cluster.start("ledger-1");
            Path data = cluster.prepared(
                    "retrain-1",
                    Map.of(
                            "temporal.address",
                            temporal.target(),
                            "retrain.index.address",
                            api("index-1").toString()));
            try (NodeProcess retrain = NodeProcess.startService(data, "-Xmx512m")) {
                List<Asked> erased = erasedAmongChanges(cluster, retrain.client(), new Random(seed));
                for (int document : ERASED) {
                    assertThat(found(cluster, WORDS.get(document))).isZero();
                }
                assertThat(found(cluster, WORDS.get(KEPT))).isEqualTo(1);
                for (Asked each : erased) {
                    certified(cluster, each);
                }
                retrain.stop();
            }
            List.of("ledger-1", "index-1", "ingest-1").forEach(name -> stop(cluster, name));
        }
        for (String word : ERASED.stream().map(WORDS::get).toList()) {
            assertThat(tablesWith(word)).as("tables with text").isEmpty();
            assertThat(objectsOfWeaviateWith(word)).as("Weaviate").isZero();
            assertThat(objectsOfS3With(word)).as("S3").isEmpty();
            assertThat(recordsWith(word)).as("topics with text").isEmpty();
            assertThat(Remains.filesWith(work, word)).as("files").isEmpty();
        }
        for (String name : ERASED.stream().map(EraseApartST::name).toList()) {
            assertThat(tablesWith(name)).as("tables with the id").isEmpty();
            assertThat(objectsOfWeaviateWith(name)).as("Weaviate").isZero();
            assertThat(objectsOfS3With(name)).as("S3").isEmpty();
            assertThat(Remains.filesWith(work, name))
                    .as("files but for the streams', which the certificate names")
                    .allMatch(file -> file.toString().contains("/streams/"));
        }
        assertThat(tablesWith(name(KEPT))).as("this way it would be seen").isNotEmpty();
        assertThat(objectsOfWeaviateWith(WORDS.get(KEPT)))
                .as("this way it would be seen")
                .isPositive();
        assertThat(recordsWith(name(ERASED.getFirst())))
                .as("the certificate names topics, until they expire")
                .isNotEmpty();
    }

    /** @param nonce as the requester was given it */
    private record Asked(String id, String document, String nonce) {}

    private List<Asked> erasedAmongChanges(Cluster cluster, ApiClient retrain, Random random) throws Exception {
        ApiClient ingest = cluster.client("ingest-1");
        for (int step = 0; step < 40; step++) {
            int document = random.nextInt(WORDS.size());
            switch (random.nextInt(5)) {
                case 0, 1, 2 -> publish(ingest, document, " in step " + step);
                case 3 -> found(cluster, WORDS.get(document));
                default -> publish(ingest, "deleted", document, null);
            }
        }
        ERASED.forEach(document -> publishUnreadable(ingest, document));
        House.until(() -> ingest.get("/v1/quarantine").path("total").asInt() == ERASED.size()); // the log tells of it
        ERASED.forEach(document -> publish(ingest, document, " at last"));
        List<Asked> erased = new ArrayList<>();
        for (int document : ERASED) { // changes of them are still in flight
            JsonNode asked = retrain.post(
                    "/v1/collections/default/erasures", Map.of("document", name(document), "reason", "art. 17"));
            String id = asked.path("erasure").asText();
            erased.add(new Asked(id, name(document), asked.path("nonce").asText()));
            SecondPerson.approve(api("retrain-1"), id);
        }
        for (int step = 0; step < 10; step++) {
            publish(ingest, KEPT, " beside " + step);
        }
        for (Asked each : erased) {
            House.until(() -> {
                JsonNode now = retrain.get("/v1/erasures/" + each.id());
                assertThat(now.path("state").asText()).as(now.toPrettyString()).isEqualTo("ERASED");
                return true;
            });
        }
        House.until(() -> found(cluster, WORDS.get(KEPT)) == 1);
        return erased;
    }

    private void publish(ApiClient ingest, int document, String more) {
        publish(ingest, "updated", document, "# T\n\n" + WORDS.get(document) + more);
    }

    private void publishUnreadable(ApiClient ingest, int document) {
        Map<String, Object> event = event("updated", document);
        event.put("datacontenttype", "application/pdf");
        event.put(
                "data_base64",
                Base64.getEncoder().encodeToString(("%PDF-1.7\n" + WORDS.get(document)).getBytes(UTF_8)));
        send(ingest, event);
    }

    private void publish(ApiClient ingest, String type, int document, @Nullable String text) {
        Map<String, Object> event = event(type, document);
        if (text != null) {
            event.put("datacontenttype", "text/markdown");
            event.put("data", text);
        }
        send(ingest, event);
    }

    private Map<String, Object> event(String type, int document) {
        return new HashMap<>(Map.of(
                "specversion",
                "1.0",
                "id",
                "e" + ++events,
                "source",
                "/tests",
                "type",
                "io.palimpsest.document." + type,
                "subject",
                name(document)));
    }

    private static void send(ApiClient ingest, Map<String, Object> event) {
        ingest.post("/v1/changes", "application/cloudevents+json", Json.write(event));
    }

    private static String name(int document) {
        return "urn:apart:number" + document + ":x";
    }

    private static int found(Cluster cluster, String word) {
        return cluster.client("index-1")
                .post("/v1/collections/default/search", Map.of("query", word, "mode", "keyword"))
                .path("hits")
                .size();
    }

    private URI api(String name) throws Exception {
        return ServerAddress.read(work.resolve(name)).orElseThrow().api();
    }

    /** By the process that keeps the log, and by the file alone. */
    private void certified(Cluster cluster, Asked erased) throws Exception {
        ApiClient ledger = cluster.client("ledger-1");
        Path file = work.resolve("certificate");
        House.until(() -> cli.run(
                        "erase",
                        "certificate",
                        erased.id(),
                        "--output",
                        file.toString(),
                        "--data",
                        work.resolve("ledger-1").toString())
                == 0);
        String key = ledger.get("/v1/ledger").path("keys").path(0).asText();
        assertThat(cli.run(
                        "audit",
                        "verify",
                        file.toString(),
                        "--key",
                        key,
                        "--document",
                        "local/default/" + erased.document(),
                        "--nonce",
                        erased.nonce()))
                .as(cli.said())
                .isZero();
        assertThat(cli.said()).contains("It holds", "\"found\":0", "passages");
    }

    private static void stop(Cluster cluster, String name) {
        try {
            cluster.stop(name);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In any column; bytes are shown in hex by the server. */
    private List<String> tablesWith(String text) throws SQLException {
        String hex = HexFormat.of().formatHex(text.getBytes(UTF_8));
        List<String> found = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement sql = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    sql.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = sql.executeQuery("SELECT count(*) FROM \"" + table + "\" t WHERE t::text LIKE '%"
                        + text + "%' OR t::text LIKE '%" + hex + "%'")) {
                    rows.next();
                    if (rows.getInt(1) > 0) {
                        found.add(table);
                    }
                }
            }
        }
        return found;
    }

    /** All objects with all their properties, of every tenant. */
    private int objectsOfWeaviateWith(String text) throws Exception {
        int found = 0;
        for (JsonNode each : weaviate("/v1/schema").path("classes")) {
            String name = each.path("class").asText();
            if (!name.startsWith(prefix)) {
                continue;
            }
            List<String> tenants = new ArrayList<>();
            if (each.path("multiTenancyConfig").path("enabled").asBoolean()) {
                weaviate("/v1/schema/" + name + "/tenants")
                        .forEach(tenant ->
                                tenants.add("&tenant=" + tenant.path("name").asText()));
            } else {
                tenants.add("");
            }
            for (String tenant : tenants) {
                for (JsonNode object : weaviate("/v1/objects?limit=1000&class=" + name + tenant)
                        .path("objects")) {
                    found += object.toString().contains(text) ? 1 : 0;
                }
            }
        }
        return found;
    }

    private JsonNode weaviate(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(weaviate.httpUrl() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return House.json(response);
        }
    }

    private List<String> objectsOfS3With(String text) {
        List<String> found = new ArrayList<>();
        for (S3Object object :
                s3.listObjectsV2Paginator(request -> request.bucket(BUCKET)).contents()) {
            byte[] bytes = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(object.key()))
                    .asByteArray();
            if (object.key().contains(text) || Remains.contains(bytes, text)) {
                found.add(object.key());
            }
        }
        return found;
    }

    /** Topics with a record that has it in its key, its value or a header. */
    private List<String> recordsWith(String text) {
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.listTopics().entrySet().stream()
                    .filter(topic -> !topic.getKey().startsWith("__"))
                    .flatMap(topic -> topic.getValue().stream()
                            .map(partition -> new TopicPartition(topic.getKey(), partition.partition())))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (has(record, text)) {
                        found.add(record.topic());
                    }
                }
            }
        }
        return found;
    }

    private static boolean has(ConsumerRecord<byte[], byte[]> record, String text) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(record.key());
        parts.add(record.value());
        record.headers().forEach(header -> parts.add(header.value()));
        return parts.stream().anyMatch(bytes -> bytes != null && Remains.contains(bytes, text));
    }
}
