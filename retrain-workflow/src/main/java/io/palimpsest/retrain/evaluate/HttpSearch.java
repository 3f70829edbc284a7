package io.palimpsest.retrain.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search of the index service, on a given generation and with a given model for queries: hybrid, as it is served.
 *
 * <p>Threading: safe. Failure: {@code INDEX_UNAVAILABLE} where it does not answer, {@code EVALUATION_IMPOSSIBLE} where it
 * refuses. A question whose connection breaks is asked once more: a server may close a kept connection in the moment of the
 * next question, HTTP sends no POST again by itself (RFC 9110, 9.2.2), and one of thousands must not end an evaluation.
 */
public final class HttpSearch implements SearchUnderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final Target target;
    private final double costPerQuery;

    /**
     * What is searched.
     *
     * @param base of the index service, such as {@code http://127.0.0.1:8080}
     * @param key of a caller who sees what the judged queries' askers saw
     * @param generation null: the live one
     * @param model for queries; null: the generation's own
     */
    public record Target(
            URI base,
            String key,
            CollectionId collection,
            @Nullable GenerationId generation,
            @Nullable ModelId model) {
        @Override
        public String toString() {
            return base + " " + collection + " " + generation + " " + model; // not the key
        }
    }

    /** @param costPerQuery in the operator's currency; 0 for none */
    public HttpSearch(HttpClient http, Target target, double costPerQuery) {
        this.http = http;
        this.target = target;
        this.costPerQuery = costPerQuery;
    }

    @Override
    public Answer search(String query) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("query", query);
        body.put("limit", DEPTH);
        body.put("groupByDocument", true);
        body.put("probe", true);
        if (target.generation() != null) {
            body.put("generation", target.generation().value());
        }
        if (target.model() != null) {
            body.put("model", target.model().value());
        }
        HttpRequest request = HttpRequest.newBuilder(
                        target.base().resolve("/v1/collections/" + target.collection() + "/search"))
                .header("Authorization", "Bearer " + target.key())
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        long start = System.nanoTime();
        HttpResponse<byte[]> response = send(request);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Answer(ranking(response), took, costPerQuery);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = ask(request);
            if (response.statusCode() >= 500) {
                throw new PalimpsestException(
                        ErrorCode.INDEX_UNAVAILABLE, "the index service answered " + response.statusCode());
            }
            if (response.statusCode() != 200) {
                throw new PalimpsestException(
                        ErrorCode.EVALUATION_IMPOSSIBLE,
                        "the index service refused a search of " + target.collection() + " with status "
                                + response.statusCode());
            }
            return response;
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, "the index service does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, "the evaluation was interrupted", e);
        }
    }

    private HttpResponse<byte[]> ask(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException e) {
            throw e; // it was waited for long enough
        } catch (IOException e) {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static List<String> ranking(HttpResponse<byte[]> response) {
        try {
            Set<String> documents = new LinkedHashSet<>();
            for (JsonNode hit : Json.mapper().readTree(response.body()).path("hits")) {
                documents.add(hit.path("document").asText());
            }
            return new ArrayList<>(documents);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.EVALUATION_IMPOSSIBLE, "the index service's answer is not JSON", e);
        }
    }
}
