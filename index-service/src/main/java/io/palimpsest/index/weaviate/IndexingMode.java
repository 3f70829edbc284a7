package io.palimpsest.index.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.config.WeaviateSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Refuses servers that put vectors into the graph some time after they have answered the write: searches would miss what is
 * indexed already. A server does not say it in so many words: those that index at once tell the length of their queue
 * in {@code GET /v1/nodes}, the others leave it out (seen on 1.35.2). One that tells nothing about batches is taken as it is.
 */
final class IndexingMode {
    private static final int OK = 200;

    private IndexingMode() {}

    static void check(WeaviateSettings settings, Attempts attempts, Failures failures) {
        byte[] nodes = attempts.of("asking for the nodes", () -> nodes(settings));
        for (JsonNode node : Json.read(nodes, JsonNode.class).path("nodes")) {
            JsonNode batches = node.path("batchStats");
            if (batches.has("ratePerSecond") && !batches.has("queueLength")) {
                throw failures.refused("puts vectors into its graph after it answered, so searches would miss what is"
                        + " indexed: start it with ASYNC_INDEXING=false");
            }
        }
    }

    /** The client leaves out what is looked for. */
    private static byte[] nodes(WeaviateSettings settings) throws Exception {
        String scheme = settings.tls() ? "https" : "http";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(scheme + "://" + settings.host() + ":" + settings.httpPort() + "/v1/nodes"))
                .timeout(settings.timeout());
        if (settings.key().isPresent()) {
            request.header("Authorization", "Bearer " + settings.key().value());
        }
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(settings.timeout()).build()) {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() == OK ? response.body() : Json.write(new int[0]); // perhaps not allowed to
        }
    }
}
