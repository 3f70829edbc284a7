package io.palimpsest.index.rerank;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpRerankerContractTest extends RerankerContract {
    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    private int status = 200;
    private @Nullable String fixed;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/rerank", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Override
    Reranker reranker() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/rerank");
        return new HttpReranker(
                HttpClient.newHttpClient(),
                new HttpReranker.Settings(endpoint, "stub", "secret", Duration.ofSeconds(20)));
    }

    /** Scores by shared words, and answers in another order than it was asked in. */
    private void answer(HttpExchange exchange) throws IOException {
        JsonNode asked = Json.read(exchange.getRequestBody().readAllBytes(), JsonNode.class);
        List<String> query = List.of(asked.path("query").asText().split(" "));
        List<Map<String, Object>> results = new ArrayList<>();
        for (JsonNode document : asked.path("documents")) {
            long shared = List.of(document.asText().split(" ")).stream()
                    .filter(query::contains)
                    .count();
            results.add(Map.of("index", results.size(), "relevance_score", shared / 10.0));
        }
        Collections.reverse(results);
        byte[] body = fixed == null ? Json.write(Map.of("results", results)) : fixed.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void serverThatFailsIsAFailure() {
        status = 500;
        assertThatThrownBy(() -> reranker().scores("a", List.of("b"))).isInstanceOf(PalimpsestException.class);
    }

    @Test
    void answerThatLeavesOutOrInventsDocumentsIsAFailure() {
        for (String answer :
                List.of("{\"results\":[]}", "{\"results\":[{\"index\":7,\"relevance_score\":1}]}", "no json", "{}")) {
            fixed = answer;
            assertThatThrownBy(() -> reranker().scores("a", List.of("b"))).isInstanceOf(PalimpsestException.class);
        }
    }
}
