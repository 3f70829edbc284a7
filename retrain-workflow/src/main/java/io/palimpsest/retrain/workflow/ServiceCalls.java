package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of another service by HTTP.
 *
 * <p>Threading: safe. Failure: its own code where it does not answer or is not ready; what it refuses is thrown with the code that it
 * gave.
 */
final class ServiceCalls {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final HttpClient http;
    private final ErrorCode unavailable;
    private final String service;

    /** @param unavailable where it does not answer */
    ServiceCalls(HttpClient http, ErrorCode unavailable, String service) {
        this.http = http;
        this.unavailable = unavailable;
        this.service = service;
    }

    JsonNode send(IndexApi.Access at, String method, String path, @Nullable Map<String, ?> body) {
        HttpRequest request = HttpRequest.newBuilder(at.base().resolve(path))
                .header("Authorization", "Bearer " + at.key())
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = response.body().length == 0
                    ? Json.mapper().createObjectNode()
                    : Json.mapper().readTree(response.body());
            if (response.statusCode() >= 300) {
                throw refused(method + " " + path, response.statusCode(), answer);
            }
            return answer;
        } catch (IOException e) {
            throw new PalimpsestException(
                    unavailable, "the " + service + " service at " + at + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PalimpsestException(unavailable, "interrupted", e);
        }
    }

    private PalimpsestException refused(String call, int status, JsonNode problem) {
        String id = problem.path("code").asText();
        for (ErrorCode code : ErrorCode.values()) {
            if (code.id().equals(id)) {
                return new PalimpsestException(
                        code, call + ": " + problem.path("message").asText());
            }
        }
        return new PalimpsestException(
                status >= 500 ? unavailable : ErrorCode.INTERNAL, call + " gave status " + status);
    }
}
