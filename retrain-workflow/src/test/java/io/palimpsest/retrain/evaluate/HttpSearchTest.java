package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before each test
final class HttpSearchTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final AtomicInteger broken = new AtomicInteger();
    private volatile int status = 200;
    private volatile String answer = "";
    private HttpServer server;
    private HttpSearch search;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/collections/docs/search", exchange -> {
            if (broken.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                exchange.close(); // the connection ends without an answer
                return;
            }
            asked.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        search = new HttpSearch(
                client,
                new HttpSearch.Target(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        "key",
                        new CollectionId("docs"),
                        new GenerationId("g2"),
                        new ModelId("m/fp32/1")),
                0.5);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.stop(0);
    }

    @Test
    void theGenerationAndModelAreAskedAsAProbeAndTheDocumentsAreTheRanking() throws Exception {
        answer = "{\"hits\":[{\"document\":\"b\"},{\"document\":\"a\"},{\"document\":\"b\"}]}";
        SearchUnderTest.Answer found = search.search("refunds");

        assertThat(found.ranking()).containsExactly("b", "a");
        assertThat(found.cost()).isEqualTo(0.5);
        JsonNode body = Json.mapper().readTree(asked.get());
        assertThat(body.path("generation").asText()).isEqualTo("g2");
        assertThat(body.path("model").asText()).isEqualTo("m/fp32/1");
        assertThat(body.path("probe").asBoolean()).isTrue();
        assertThat(body.path("query").asText()).isEqualTo("refunds");
    }

    @Test
    void aConnectionThatBreaksIsTriedOnceMore() {
        answer = "{\"hits\":[{\"document\":\"b\"}]}";
        broken.set(1);
        assertThat(search.search("refunds").ranking()).containsExactly("b");
        broken.set(2);
        assertCode(ErrorCode.INDEX_UNAVAILABLE);
    }

    @Test
    void aServerThatFailsIsTriedLaterAndOneThatRefusesIsNot() {
        status = 503;
        assertCode(ErrorCode.INDEX_UNAVAILABLE);
        status = 400;
        assertCode(ErrorCode.EVALUATION_IMPOSSIBLE);
        status = 200;
        answer = "<html>";
        assertCode(ErrorCode.EVALUATION_IMPOSSIBLE);
        server.stop(0);
        assertCode(ErrorCode.INDEX_UNAVAILABLE);
    }

    private void assertCode(ErrorCode code) {
        assertThatThrownBy(() -> search.search("refunds"))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
