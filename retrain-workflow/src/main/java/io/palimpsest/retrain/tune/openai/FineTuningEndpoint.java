package io.palimpsest.retrain.tune.openai;

import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.retry.BackOff;
import java.net.URI;
import java.time.Duration;

/**
 * Where generators are fine-tuned.
 *
 * @param baseUrl up to and without {@code /fine_tuning}, such as {@code https://api.example.com/v1}
 * @param model to start from, as the endpoint names it
 * @param poll pause between two looks at a running job
 * @param attempts of a request, at least 1; repeated on 429, 5xx and lost connections
 * @param timeout of one attempt
 */
public record FineTuningEndpoint(
        URI baseUrl, Secret key, String model, Duration poll, int attempts, BackOff backOff, Duration timeout) {
    /** Looks every 10 s; an outage of about 4 minutes is waited out. */
    public static FineTuningEndpoint of(URI baseUrl, Secret key, String model) {
        return new FineTuningEndpoint(
                baseUrl,
                key,
                model,
                Duration.ofSeconds(10),
                8,
                new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1)),
                Duration.ofMinutes(2));
    }

    URI resolve(String path) {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}
