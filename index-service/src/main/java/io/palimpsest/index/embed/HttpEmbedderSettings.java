package io.palimpsest.index.embed;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how an OpenAI-compatible embeddings endpoint is called.
 *
 * @param endpoint the full address, usually ending in {@code /v1/embeddings}
 * @param model the endpoint's name of the model; also what its vectors are kept under
 * @param dimensions what the endpoint gives; any other length is refused
 * @param maxTokens what the model reads; the endpoint itself refuses or cuts what is longer
 * @param apiKey sent as bearer token; never shown
 * @param batchSize texts in one request
 * @param timeout for one request
 * @param attempts for one request, the first included
 * @param backOff before the second attempt; doubled for each further one, at most 30 s; a longer {@code Retry-After} wins, up to that
 */
public record HttpEmbedderSettings(
        URI endpoint,
        String model,
        int dimensions,
        int maxTokens,
        @Nullable String apiKey,
        int batchSize,
        Duration timeout,
        int attempts,
        Duration backOff) {
    public HttpEmbedderSettings {
        if (dimensions < 1 || batchSize < 1 || attempts < 1) {
            throw new IllegalArgumentException("dimensions, batchSize and attempts must be at least 1");
        }
    }

    /** 32 texts a request, 60 s, 5 attempts from half a second on. */
    public static HttpEmbedderSettings of(
            URI endpoint, String model, int dimensions, int maxTokens, @Nullable String apiKey) {
        return new HttpEmbedderSettings(
                endpoint, model, dimensions, maxTokens, apiKey, 32, Duration.ofSeconds(60), 5, Duration.ofMillis(500));
    }

    @Override
    public String toString() {
        return "HttpEmbedderSettings[endpoint=" + endpoint + ", model=" + model + ", dimensions=" + dimensions
                + ", maxTokens=" + maxTokens + ", apiKey=***, batchSize=" + batchSize + ", timeout=" + timeout
                + ", attempts=" + attempts + ", backOff=" + backOff + "]";
    }
}
