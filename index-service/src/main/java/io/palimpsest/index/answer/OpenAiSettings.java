package io.palimpsest.index.answer;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a chat endpoint is.
 *
 * @param baseUrl up to and without {@code /chat/completions}, such as {@code http://127.0.0.1:8000/v1}
 * @param apiKey sent as a bearer token; null: none. Never printed
 * @param timeout for one attempt, its last byte included
 * @param attempts at least 1; repeated on 429, 5xx and a refused connection, as long as nothing was received
 * @param pause before the first repetition; doubles each time, unless the endpoint says how long to wait
 */
public record OpenAiSettings(
        URI baseUrl,
        String model,
        @Nullable String apiKey,
        Duration timeout,
        int attempts,
        Duration pause,
        int maxOutputTokens,
        boolean stream) {
    public static OpenAiSettings of(URI baseUrl, String model, @Nullable String apiKey, Duration timeout) {
        return new OpenAiSettings(baseUrl, model, apiKey, timeout, 3, Duration.ofMillis(500), 512, true);
    }

    URI chatCompletions() {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/chat/completions");
    }

    @Override
    public String toString() {
        return "OpenAiSettings[baseUrl=" + baseUrl + ", model=" + model + ", apiKey=***, timeout=" + timeout + "]";
    }
}
