package io.palimpsest.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@NeedsEngine(EngineKind.WEAVIATE)
final class WeaviateEngineIT {
    private final WeaviateEngine weaviate;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String collection = "Engine" + UUID.randomUUID().toString().replace("-", "");

    WeaviateEngineIT(WeaviateEngine weaviate) {
        this.weaviate = weaviate;
    }

    @Test
    void objectIsFoundByWordAndByVector() throws Exception {
        post("/v1/schema", """
                {"class": "%s", "vectorizer": "none",
                 "properties": [{"name": "text", "dataType": ["text"]}]}""".formatted(collection));
        post("/v1/objects", """
                {"class": "%s", "properties": {"text": "rivers and bridges"}, "vector": [1, 0, 0]}""".formatted(collection));
        post("/v1/objects", """
                {"class": "%s", "properties": {"text": "mountains"}, "vector": [0, 1, 0]}""".formatted(collection));

        assertThat(search("bm25: {query: \\\"bridges\\\"}"))
                .contains("rivers and bridges")
                .doesNotContain("mountains");
        assertThat(search("nearVector: {vector: [0, 0.9, 0.1]}, limit: 1"))
                .contains("mountains")
                .doesNotContain("rivers");
    }

    @Test
    void grpcPortTakesConnections() throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName(weaviate.host()), weaviate.grpcPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private String search(String how) throws Exception {
        return post("/v1/graphql", "{\"query\": \"{Get {%s(%s) {text}}}\"}".formatted(collection, how));
    }

    private String post(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(weaviate.httpUrl() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
        return response.body();
    }
}
