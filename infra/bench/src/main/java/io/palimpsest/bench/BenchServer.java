package io.palimpsest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.standalone.Palimpsest;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole Palimpsest in this JVM on an empty directory, driven over its HTTP API as a user would. */
final class BenchServer implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(60);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final String SOURCE = "bench";

    private final Palimpsest palimpsest;
    private final ApiClient client;
    private long sequence;

    private BenchServer(Palimpsest palimpsest) {
        this.palimpsest = palimpsest;
        this.client = new ApiClient(palimpsest.api(), palimpsest.key());
    }

    /** @param settings in addition to the defaults and free ports */
    static BenchServer start(Path dataDir, Map<String, String> settings) throws InterruptedException {
        Map<String, String> all = new LinkedHashMap<>(
                Map.of("http.port", "0", "kafka.embedded.port", "0", "data.dir", dataDir.toString()));
        all.putAll(settings);
        return new BenchServer(Palimpsest.start(Settings.load(all)));
    }

    static Path emptyDirectory() throws IOException {
        return Files.createTempDirectory("palimpsest-bench");
    }

    ModelStore models() {
        return palimpsest.models();
    }

    ApiClient client() {
        return client;
    }

    /** Publishes markdown documents as one NDJSON stream of CloudEvents; returns when all were taken. */
    void publish(Map<String, String> markdownById) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        markdownById.forEach((id, markdown) -> {
            lines.writeBytes(Json.write(event(id, "io.palimpsest.document.updated", markdown)));
            lines.write('\n');
        });
        String unused = client.postForText("/v1/changes", "application/x-ndjson", lines.toByteArray());
    }

    /** Publishes one file, inline. */
    void publishFile(String id, byte[] content, String contentType) {
        Map<String, Object> event = event(id, "io.palimpsest.document.updated", null);
        event.put("datacontenttype", "application/json");
        event.put(
                "data",
                Map.of("contentBase64", Base64.getEncoder().encodeToString(content), "contentType", contentType));
        JsonNode unused = client.post("/v1/changes", "application/cloudevents+json", Json.write(event));
    }

    /** The server's metrics in Prometheus' text format. */
    String metrics() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(palimpsest.api().resolve("/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One CloudEvent in structured mode; a null text deletes. */
    Map<String, Object> event(String id, String type, @Nullable String markdown) {
        long number = ++sequence;
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", Long.toString(number));
        event.put("source", SOURCE);
        event.put("type", type);
        event.put("subject", id);
        event.put("collection", "default");
        event.put("sequence", Long.toString(number));
        if (markdown != null) {
            event.put("datacontenttype", "application/json");
            event.put("data", Map.of("content", markdown, "contentType", "text/markdown"));
        }
        return event;
    }

    /** Waits until every change has ended. */
    void awaitIdle(int changes) throws InterruptedException {
        Condition<RuntimeException> idle = () -> {
            JsonNode total = client.get("/v1/status").path("total");
            return total.path("received").asLong() >= changes
                    && total.path("inFlight").path("all").asLong() == 0;
        };
        if (!Condition.await(idle, LONGEST_WAIT, POLL)) {
            throw new IllegalStateException("not idle after " + LONGEST_WAIT);
        }
    }

    /** Distinct document ids, best first. */
    List<String> search(String query, int limit, Map<String, Object> options) {
        Map<String, Object> request = new LinkedHashMap<>(options);
        request.put("query", query);
        request.put("limit", limit);
        request.put("groupByDocument", true);
        List<String> documents = new ArrayList<>();
        client.post("/v1/collections/default/search", request)
                .path("hits")
                .forEach(hit -> documents.add(hit.path("document").asText()));
        return documents;
    }

    /** True once a hit's text holds the word itself: spelling would find its neighbours too. */
    boolean shows(String word) {
        for (JsonNode hit : client.post(
                        "/v1/collections/default/search", Map.of("query", word, "limit", 5, "mode", "keyword"))
                .path("hits")) {
            if (hit.path("text").asText().contains(word)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        palimpsest.close();
    }
}
