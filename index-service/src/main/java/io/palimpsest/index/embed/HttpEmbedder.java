package io.palimpsest.index.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Embeds at an OpenAI-compatible endpoint ({@code POST /v1/embeddings}).
 *
 * <p>Batch invariance is the endpoint's to keep. Threading: safe for use from any thread. Failure: {@code EMBED_FAILED} after the
 * last attempt; 429, 5xx and lost connections are tried again, other refusals are not.
 */
public final class HttpEmbedder implements Embedder {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpEmbedderSettings settings;
    private final ModelId model;
    private final HttpClient client;

    public HttpEmbedder(HttpEmbedderSettings settings) {
        this.settings = settings;
        this.model = idOf(settings);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    @Override
    public ModelId model() {
        return model;
    }

    @Override
    public int dimensions() {
        return settings.dimensions();
    }

    @Override
    public int maxTokens() {
        return settings.maxTokens();
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += settings.batchSize()) {
            List<String> batch = texts.subList(from, Math.min(texts.size(), from + settings.batchSize()));
            vectors.addAll(vectors(batch, answer(request(batch))));
        }
        return vectors;
    }

    private HttpRequest request(List<String> texts) {
        ObjectNode body = JSON.createObjectNode().put("model", settings.model()).put("encoding_format", "float");
        ArrayNode input = body.putArray("input");
        texts.forEach(input::add);
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.endpoint())
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes(body)));
        String key = settings.apiKey();
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return request.build();
    }

    private static byte[] bytes(ObjectNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.EMBED_FAILED, "the request could not be written as JSON", e);
        }
    }

    private byte[] answer(HttpRequest request) {
        Duration wait = settings.backOff();
        for (int attempt = 1; ; attempt++) {
            Attempt result = attempt(request);
            if (result.body != null) {
                return result.body;
            }
            if (!result.mayRetry || attempt == settings.attempts()) {
                throw failed(result.reason + " at attempt " + attempt + " of " + settings.attempts(), result.cause);
            }
            pause(atMost(result.retryAfter.compareTo(wait) > 0 ? result.retryAfter : wait, LONGEST_WAIT));
            wait = atMost(wait.multipliedBy(2), LONGEST_WAIT);
        }
    }

    /** A body, or why there is none; the reason never quotes the answer, which may quote the texts. */
    private static final class Attempt {
        final byte @Nullable [] body;
        final String reason;
        final boolean mayRetry;
        final Duration retryAfter;
        final @Nullable Exception cause;

        Attempt(
                byte @Nullable [] body,
                String reason,
                boolean mayRetry,
                Duration retryAfter,
                @Nullable Exception cause) {
            this.body = body;
            this.reason = reason;
            this.mayRetry = mayRetry;
            this.retryAfter = retryAfter;
            this.cause = cause;
        }
    }

    private Attempt attempt(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            int status = response.statusCode();
            if (status == 200) {
                return new Attempt(response.body(), "", false, Duration.ZERO, null);
            }
            boolean passing = status == 429 || status >= 500;
            return new Attempt(null, "the endpoint answered " + status, passing, retryAfter(response), null);
        } catch (IOException e) {
            return new Attempt(null, "the endpoint did not answer", true, Duration.ZERO, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Attempt(null, "interrupted", false, Duration.ZERO, e);
        }
    }

    /** In seconds; the form with a date counts as absent. */
    private static Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(Duration.ZERO);
    }

    private static Duration atMost(Duration duration, Duration limit) {
        return duration.compareTo(limit) < 0 ? duration : limit;
    }

    private void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        }
    }

    private List<float[]> vectors(List<String> texts, byte[] body) {
        JsonNode rows;
        try {
            rows = JSON.readTree(body).path("data");
        } catch (IOException e) {
            // Without the cause: a parser's message quotes the body.
            throw failed("the answer is not JSON", null);
        }
        float[][] vectors = new float[texts.size()][0];
        for (int i = 0; i < rows.size(); i++) {
            int index = rows.get(i).path("index").asInt(i);
            if (index < 0 || index >= vectors.length || vectors[index].length != 0) {
                throw failed("the answer has a row with index " + index + " for " + texts.size() + " texts", null);
            }
            vectors[index] = vector(rows.get(i).path("embedding"));
        }
        if (rows.size() != texts.size()) {
            throw failed("the answer has " + rows.size() + " vectors for " + texts.size() + " texts", null);
        }
        return List.of(vectors);
    }

    private float[] vector(JsonNode values) {
        if (values.size() != settings.dimensions()) {
            throw failed("a vector has " + values.size() + " dimensions, not " + settings.dimensions(), null);
        }
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) values.get(i).asDouble();
        }
        return Pooling.normalise(vector);
    }

    private PalimpsestException failed(String reason, @Nullable Exception cause) {
        return new PalimpsestException(
                ErrorCode.EMBED_FAILED, "embedding at " + settings.endpoint().getHost() + ": " + reason, cause);
    }

    /** The model's files are out of reach: the last part is of the endpoint's address and dimensions. */
    private static ModelId idOf(HttpEmbedderSettings settings) {
        String name = settings.model().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.:_/-]", "-");
        ContentHash from =
                ContentHash.ofText(settings.endpoint() + " " + settings.model() + " " + settings.dimensions());
        return new ModelId(name + "/http/" + from.value().substring(0, 8));
    }

    @Override
    public void close() {
        client.close();
    }
}
