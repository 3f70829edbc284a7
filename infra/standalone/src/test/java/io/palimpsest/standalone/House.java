package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.TestModels;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.TopicRecords;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The whole of Palimpsest in this JVM with an embedder that costs nothing, and the calls that tests make of it. */
final class House implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long OFTEN = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RARELY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String STRUCTURED = "application/cloudevents+json";

    final Palimpsest palimpsest;
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger ids = new AtomicInteger();

    private House(Palimpsest palimpsest) {
        this.palimpsest = palimpsest;
    }

    static House start(Path dataDir, Map<String, String> given) throws InterruptedException {
        return new House(Palimpsest.start(
                settings(dataDir, given),
                (settings, tokenizer) ->
                        new EmbedderChoice(new HashingEmbedder(), Optional.empty(), TestModels::open)));
    }

    static House start(Path dataDir, Map<String, String> given, EmbedderChoice.Factory embedders)
            throws InterruptedException {
        return new House(Palimpsest.start(settings(dataDir, given), embedders));
    }

    /** With the embedder that people get. */
    static House startForReal(Path dataDir, Map<String, String> given) throws InterruptedException {
        return new House(Palimpsest.start(settings(dataDir, given)));
    }

    private static Settings settings(Path dataDir, Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("data.dir", dataDir.toString());
        all.put("http.port", "0");
        all.put("kafka.embedded.port", "0");
        return Settings.load(all);
    }

    /** With answers held against the description that is served. */
    DescribedCalls described() throws Exception {
        return new DescribedCalls(palimpsest.api(), palimpsest.key());
    }

    ApiClient client() {
        return new ApiClient(palimpsest.api(), palimpsest.key());
    }

    @Override
    public void close() {
        palimpsest.close();
    }

    /** Structured, from source {@code /test}, under a new event id. */
    String event(String type, String document, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"e" + ids.incrementAndGet()
                + "\",\"source\":\"/test\",\"type\":\"io.palimpsest.document." + type + "\",\"subject\":\"" + document
                + "\",\"datacontenttype\":\"application/json\",\"data\":" + data + "}";
    }

    static String markdown(String text) {
        return "{\"content\":" + Json.writeText(text) + ",\"contentType\":\"text/markdown\"}";
    }

    /** Publishes and gives the change's id. */
    String publish(String type, String document, String data) throws Exception {
        return accepted(event(type, document, data));
    }

    String accepted(String event) throws Exception {
        HttpResponse<String> response = post(event.getBytes(UTF_8), STRUCTURED, palimpsest.key());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return json(response).path("changeId").asText();
    }

    /** Publishes a document and waits until searches see it. */
    JsonNode index(String type, String document, String data) throws Exception {
        JsonNode change = ended(publish(type, document, data));
        assertThat(change.path("state").asText()).as(change.toString()).isEqualTo("INDEXED");
        return change;
    }

    HttpResponse<String> post(byte[] body, String contentType, @Nullable String key) throws Exception {
        return send(request("/v1/changes", key)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    JsonNode ended(String changeId) throws Exception {
        until(() -> {
            HttpResponse<String> response = get("/v1/changes/" + changeId, palimpsest.key());
            return response.statusCode() == 200 && json(response).has("endedAt");
        });
        return json(get("/v1/changes/" + changeId, palimpsest.key()));
    }

    JsonNode total() throws Exception {
        return json(get("/v1/status", palimpsest.key())).path("total");
    }

    static long inFlight(JsonNode total) {
        return total.path("inFlight").path("all").asLong();
    }

    /** Law 1: waits until nothing is in flight; at every look the counts add up. */
    JsonNode settled() throws Exception {
        until(() -> {
            JsonNode total = total();
            long ends = Stream.of(
                            "indexed",
                            "superseded",
                            "deleted",
                            "quarantined",
                            "empty",
                            "duplicates",
                            "stale",
                            "deadLettered")
                    .mapToLong(name -> total.path(name).asLong())
                    .sum();
            assertThat(ends + inFlight(total))
                    .as(total.toString())
                    .isEqualTo(total.path("received").asLong());
            return inFlight(total) == 0;
        });
        return total();
    }

    JsonNode search(String mode, String query, String key) throws Exception {
        HttpResponse<String> response = send(request("/v1/collections/default/search", key)
                .POST(HttpRequest.BodyPublishers.ofString(
                        Json.writeText(Map.of("query", query, "mode", mode, "limit", 50))))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    /** Documents found, best first. */
    List<String> found(String mode, String query) throws Exception {
        List<String> documents = new ArrayList<>();
        for (JsonNode hit : search(mode, query, palimpsest.key()).path("hits")) {
            documents.add(hit.path("document").asText());
        }
        return documents;
    }

    HttpResponse<String> get(String path, @Nullable String key) throws Exception {
        return send(request(path, key).GET().build());
    }

    JsonNode get(String path) throws Exception {
        HttpResponse<String> response = get(path, palimpsest.key());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    HttpRequest.Builder request(String path, @Nullable String key) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(palimpsest.api() + path)).timeout(Duration.ofSeconds(60));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.mapper().readTree(response.body());
    }

    static String encode(String text) {
        return ApiClient.encode(text);
    }

    /** A producer as any other system has it. */
    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", palimpsest.kafka()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Everything the ledger was told so far. */
    List<LedgerEntry> ledger() {
        return records(Topics.LEDGER_ENTRY).stream().map(ConsumerRecord::value).toList();
    }

    List<ConsumerRecord<String, DeadLetter>> deadLetters() {
        return records(Topics.DEAD_LETTER);
    }

    /** What was committed to it so far. */
    <K, V> List<ConsumerRecord<K, V>> records(Topic<K, V> topic) {
        return TopicRecords.of(topic, consumer());
    }

    /** Of any other system that reads what was committed. */
    Map<String, Object> consumer() {
        return Map.of("bootstrap.servers", palimpsest.kafka(), "isolation.level", "read_committed");
    }

    /** Waits until each part can do its work. */
    void untilReady() throws Exception {
        until(() -> {
            HttpResponse<String> health = get("/health/ready", palimpsest.key());
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
            return true;
        });
    }

    /** Polls until the condition holds, less often the longer it takes; what it asserts may fail until then. */
    static void until(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        long deadline = start + PATIENCE.toNanos();
        AssertionError last = new AssertionError("the condition was false");
        while (System.nanoTime() < deadline) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (AssertionError e) {
                last = e;
            }
            TimeUnit.NANOSECONDS.sleep(Math.clamp((System.nanoTime() - start) / 10, OFTEN, RARELY));
        }
        throw new AssertionError("not reached within " + PATIENCE, last);
    }
}
