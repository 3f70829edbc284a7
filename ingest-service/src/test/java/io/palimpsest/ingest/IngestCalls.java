package io.palimpsest.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.DocumentKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a user asks the service over HTTP, and waits for. */
@SuppressWarnings("NullAway.Init") // set before all tests
abstract class IngestCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    IngestHouse house;
    final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger ids = new AtomicInteger();

    void quarantined(String document, String reference, String code) throws Exception {
        JsonNode receipt = publish(
                event(document, "io.palimpsest.document.created", "{\"reference\":\"" + reference + "\"}"), 202);
        JsonNode change = ended(receipt.get("changeId").asText());
        assertThat(change.get("state").asText()).as(change.toString()).isEqualTo("QUARANTINED");
        assertThat(change.get("errorCode").asText()).as(change.toString()).isEqualTo(code);
    }

    void refused(String event, String code) throws Exception {
        HttpResponse<String> response = client.send(
                request("/v1/changes")
                        .header("Content-Type", "application/cloudevents+json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(400, 499);
        assertThat(json(response).get("code").asText()).as(response.body()).isEqualTo(code);
    }

    String event(String subject, String type, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"e" + ids.incrementAndGet() + "\",\"source\":\"/test\",\"type\":\""
                + type + "\",\"subject\":\"" + subject + "\",\"datacontenttype\":\"application/json\",\"data\":" + data
                + "}";
    }

    JsonNode publish(String event, int status) throws Exception {
        return post("application/cloudevents+json", event.getBytes(UTF_8), status);
    }

    JsonNode post(String type, byte[] body, int status) throws Exception {
        HttpResponse<String> response = client.send(
                request("/v1/changes")
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response);
    }

    JsonNode get(String path, int status) throws Exception {
        HttpResponse<String> response = client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response);
    }

    JsonNode ended(String changeId) throws Exception {
        until(() -> {
            HttpResponse<String> response =
                    client.send(request("/v1/changes/" + changeId).GET().build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 && json(response).has("endedAt");
        });
        return get("/v1/changes/" + changeId, 200);
    }

    boolean isLive(String document) {
        @Nullable DocumentRevised revised = house.indexer.revisions.get(key(document));
        return revised != null && revised.state() == DocumentRevised.State.LIVE;
    }

    DocumentRevised revision(String document) {
        DocumentRevised revised = house.indexer.revisions.get(key(document));
        assertThat(revised).as(document).isNotNull();
        return java.util.Objects.requireNonNull(revised);
    }

    static DocumentKey key(String document) {
        return DocumentKey.of("local", "default", document);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(house.server.address() + path))
                .header("Authorization", "Bearer " + IngestHouse.KEY);
    }

    static JsonNode json(HttpResponse<String> response) throws Exception {
        return Json.mapper().readTree(response.body());
    }

    static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        @Nullable AssertionError last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (AssertionError e) {
                last = e;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("not reached within " + PATIENCE, last);
    }
}
