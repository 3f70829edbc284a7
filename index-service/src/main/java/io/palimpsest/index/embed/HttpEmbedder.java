package io.palimpsest.index.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.retry.RepeatedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
    private final RepeatedRequest requests;

    public HttpEmbedder(HttpEmbedderSettings settings) {
        this.settings = settings;
        this.model = idOf(settings.endpoint(), settings.model(), settings.dimensions());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        this.requests = new RepeatedRequest(
                client,
                settings.attempts(),
                new BackOff(settings.backOff(), LONGEST_WAIT),
                ErrorCode.EMBED_FAILED,
                "embedding at " + settings.endpoint().getHost());
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
            vectors.addAll(vectors(
                    batch,
                    requests.send(request(batch), HttpResponse.BodyHandlers.ofByteArray())
                            .body()));
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

    private List<float[]> vectors(List<String> texts, byte[] body) {
        JsonNode rows;
        try {
            rows = JSON.readTree(body).path("data");
        } catch (IOException e) {
            // Without the cause: a parser's message quotes the body.
            throw requests.failed("the answer is not JSON", null);
        }
        float[][] vectors = new float[texts.size()][0];
        for (int i = 0; i < rows.size(); i++) {
            int index = rows.get(i).path("index").asInt(i);
            if (index < 0 || index >= vectors.length || vectors[index].length != 0) {
                throw requests.failed(
                        "the answer has a row with index " + index + " for " + texts.size() + " texts", null);
            }
            vectors[index] = vector(rows.get(i).path("embedding"));
        }
        if (rows.size() != texts.size()) {
            throw requests.failed("the answer has " + rows.size() + " vectors for " + texts.size() + " texts", null);
        }
        return List.of(vectors);
    }

    private float[] vector(JsonNode values) {
        if (values.size() != settings.dimensions()) {
            throw requests.failed("a vector has " + values.size() + " dimensions, not " + settings.dimensions(), null);
        }
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) values.get(i).asDouble();
        }
        return Pooling.normalise(vector);
    }

    /** The model's files are out of reach: the last part is of the endpoint's address and dimensions. */
    public static ModelId idOf(URI endpoint, String model, int dimensions) {
        String name = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.:_/-]", "-");
        ContentHash from = ContentHash.ofText(endpoint + " " + model + " " + dimensions);
        return new ModelId(name + "/http/" + from.value().substring(0, 8));
    }

    @Override
    public void close() {
        client.close();
    }
}
