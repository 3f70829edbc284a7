package io.palimpsest.index.weaviate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.config.WeaviateSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The REST interface of a server, as somebody else would use it. */
record Rest(WeaviateSettings settings) {
    /** Of a collection, as the server tells it. */
    JsonNode schema(String collection) throws IOException, InterruptedException {
        return Json.read(send("GET", "/v1/schema/" + collection, "").body(), JsonNode.class);
    }

    int status(String method, String path) throws IOException, InterruptedException {
        return answer(method, path, "").statusCode();
    }

    HttpResponse<byte[]> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = answer(method, path, body);
        assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(200);
        return response;
    }

    private HttpResponse<byte[]> answer(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + settings.host() + ":" + settings.httpPort() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }
}
