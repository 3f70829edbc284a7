package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The HTTP API, as the command line calls it. Failures are {@link CallFailed} with a text for people. */
public final class ApiClient {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int NOT_FOUND = 404;

    private final URI api;
    private final String key;
    private final HttpClient http;

    public ApiClient(URI api, String key) {
        this(api, key, HttpClient.newBuilder());
    }

    /** @param tls which servers to believe */
    ApiClient(URI api, String key, SSLContext tls) {
        this(api, key, HttpClient.newBuilder().sslContext(tls));
    }

    private ApiClient(URI api, String key, HttpClient.Builder http) {
        this.api = api;
        this.key = key;
        this.http = http.connectTimeout(Duration.ofSeconds(5)).build();
    }

    /** A call that did not succeed; the message is for people. */
    public static final class CallFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CallFailed(String message) {
            super(message);
        }
    }

    /** For a path segment or a query parameter. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** An empty object where the answer has no body. */
    public JsonNode get(String path) {
        return send(request(path).GET().build());
    }

    /** For answers that are plain text. */
    String text(String path) {
        return new String(exchange(request(path).GET().build()), StandardCharsets.UTF_8);
    }

    /** For answers that are files. */
    byte[] bytes(String path) {
        return exchange(request(path).GET().build());
    }

    /** Empty where there is none (yet). */
    Optional<JsonNode> find(String path) {
        HttpResponse<byte[]> response = response(request(path).GET().build());
        if (response.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(Json.read(body(response), JsonNode.class));
    }

    public JsonNode post(String path, @Nullable Object body) {
        return post(path, "application/json", Json.write(body == null ? java.util.Map.of() : body));
    }

    public JsonNode post(String path, String contentType, byte[] body) {
        return send(request(path)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    public void delete(String path) {
        exchange(request(path).DELETE().build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path)).timeout(TIMEOUT).header("Authorization", "Bearer " + key);
    }

    /** For answers that are not one JSON value, such as NDJSON. */
    public String postForText(String path, String contentType, byte[] body) {
        return new String(
                exchange(request(path)
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build()),
                StandardCharsets.UTF_8);
    }

    private JsonNode send(HttpRequest request) {
        byte[] body = exchange(request);
        return body.length == 0 ? Json.mapper().createObjectNode() : Json.read(body, JsonNode.class);
    }

    private byte[] exchange(HttpRequest request) {
        return body(response(request));
    }

    private static byte[] body(HttpResponse<byte[]> response) {
        if (response.statusCode() >= 300) {
            throw new CallFailed(explain(response));
        }
        return response.body();
    }

    private HttpResponse<byte[]> response(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (SSLException e) {
            throw new CallFailed(
                    "No TLS with " + api + " : " + e.getMessage() + "\nGive --ca FILE with the certificate to trust");
        } catch (IOException e) {
            throw new CallFailed("No answer from " + api + " : is the server running? Start it with ./palimpsest up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailed("interrupted");
        }
    }

    private static String explain(HttpResponse<byte[]> response) {
        try {
            JsonNode problem = Json.mapper().readTree(response.body());
            if (problem.hasNonNull("code")) {
                return problem.path("code").asText() + " "
                        + problem.path("error").asText() + ": "
                        + problem.path("message").asText()
                        + (problem.hasNonNull("hint")
                                ? "\n" + problem.path("hint").asText()
                                : "");
            }
        } catch (IOException e) {
            return "HTTP " + response.statusCode() + " (the answer is not JSON)";
        }
        return "HTTP " + response.statusCode();
    }
}
