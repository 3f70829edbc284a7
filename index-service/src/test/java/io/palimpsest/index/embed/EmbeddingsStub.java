package io.palimpsest.index.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** Speaks the server's side of {@code POST /v1/embeddings}, rows in reverse order, vectors of length 3; refuses on demand. */
final class EmbeddingsStub implements AutoCloseable {
    /** An answer given instead of the right one, once. */
    record Fault(int status, String retryAfterSeconds, String body) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    final Queue<Integer> batchSizes = new ConcurrentLinkedQueue<>();
    final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
    private final Embedder embedder;
    private final HttpServer server;

    EmbeddingsStub(Embedder embedder) {
        this.embedder = embedder;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/embeddings", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/embeddings");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            Fault fault = faults.poll();
            if (fault != null) {
                exchange.getResponseHeaders().set("Retry-After", fault.retryAfterSeconds());
                send(exchange, fault.status(), fault.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return;
            }
            List<String> texts = new ArrayList<>();
            request.get("input").forEach(text -> texts.add(text.asText()));
            batchSizes.add(texts.size());
            send(exchange, 200, JSON.writeValueAsBytes(body(request, texts)));
        }
    }

    private ObjectNode body(JsonNode request, List<String> texts) {
        ObjectNode body = JSON.createObjectNode()
                .put("object", "list")
                .put("model", request.get("model").asText());
        ArrayNode rows = body.putArray("data");
        List<float[]> vectors = embedder.embed(texts);
        for (int i = texts.size() - 1; i >= 0; i--) {
            ArrayNode values =
                    rows.addObject().put("object", "embedding").put("index", i).putArray("embedding");
            for (float value : vectors.get(i)) {
                values.add(value * 3);
            }
        }
        body.putObject("usage").put("prompt_tokens", 1).put("total_tokens", 1);
        return body;
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
