package io.palimpsest.index.rerank;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reranker behind HTTP in the common form: {@code {model, query, documents}} in, {@code {results: [{index,
 * relevance_score}]}} out.
 */
public final class HttpReranker implements Reranker {
    private final HttpClient client;
    private final Settings settings;

    /**
     * Where it is.
     *
     * @param endpoint the whole address, such as {@code http://127.0.0.1:8081/v1/rerank}
     * @param apiKey sent as a bearer token; null: none. Never printed
     */
    public record Settings(
            URI endpoint, String model, @Nullable String apiKey, Duration timeout) {
        @Override
        public String toString() {
            return "Settings[endpoint=" + endpoint + ", model=" + model + ", apiKey=***, timeout=" + timeout + "]";
        }
    }

    public HttpReranker(HttpClient client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    @Override
    public String model() {
        return settings.model();
    }

    @Override
    public List<Float> scores(String query, List<String> passages) {
        if (passages.isEmpty()) {
            return List.of();
        }
        JsonNode answer = ask(Map.of("model", settings.model(), "query", query, "documents", passages));
        @Nullable Float[] scores = new Float[passages.size()];
        for (JsonNode result : answer.path("results")) {
            int index = result.path("index").asInt(-1);
            JsonNode score = result.path("relevance_score");
            if (index < 0 || index >= scores.length || !score.isNumber() || !Float.isFinite(score.floatValue())) {
                throw failed("it answered with a result that is not one of ours", null);
            }
            scores[index] = score.floatValue();
        }
        return Arrays.stream(scores).map(HttpReranker::present).toList();
    }

    private static Float present(@Nullable Float score) {
        if (score == null) {
            throw failed("it left out documents", null);
        }
        return score;
    }

    private JsonNode ask(Map<String, Object> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.endpoint())
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
        if (settings.apiKey() != null) {
            request.header("Authorization", "Bearer " + settings.apiKey());
        }
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw failed("it answered with status " + response.statusCode(), null);
            }
            return Json.read(response.body(), JsonNode.class);
        } catch (IOException | UncheckedIOException e) {
            throw failed("no usable answer within " + settings.timeout(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        }
    }

    private static PalimpsestException failed(String why, @Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.RERANKER_FAILED, "the reranker failed: " + why, cause);
    }
}
