package io.palimpsest.index.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a local server that speaks the chat protocol, its failures included. */
class OpenAiGeneratorContractTest extends GeneratorContract {
    private static final String KEY = "sk-very-secret";

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    private final Queue<Reply> replies = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();

    private interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::reply);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized void reply(HttpExchange exchange) throws IOException {
        requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Reply reply = replies.size() > 1 ? replies.remove() : replies.element();
        try (exchange) {
            reply.to(exchange);
        }
    }

    private static Reply status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    private static Reply body(String type, String body) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private static Reply stream(String... events) {
        StringBuilder body = new StringBuilder(": comment\n\n");
        for (String event : events) {
            body.append("data: ").append(event).append("\n\n");
        }
        return body("text/event-stream; charset=utf-8", body.toString());
    }

    private static String delta(String text) {
        return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}";
    }

    private OpenAiSettings settings(Duration timeout) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/");
        return new OpenAiSettings(base, "test-model", KEY, timeout, 3, Duration.ofMillis(5), 256, true);
    }

    private OpenAiGenerator generator(Duration timeout) {
        return new OpenAiGenerator(new ChatClient(HttpClient.newHttpClient(), settings(timeout)));
    }

    /** Cites a source that there is not. */
    @Override
    Generator answering() {
        replies.add(stream(delta("Refunds take five days [1][9]. Zebras [0] live in Africa [2, 4]."), "[DONE]"));
        return generator(Duration.ofSeconds(20));
    }

    @Override
    Generator failing() {
        replies.add(stream(delta("Refunds take")));
        return generator(Duration.ofSeconds(20));
    }

    private List<Statement> generate(Duration timeout) {
        List<Statement> statements = new ArrayList<>();
        generator(timeout).generate(prompt("one", "two", "three", "four"), statements::add);
        return statements;
    }

    private List<Statement> generate() {
        return generate(Duration.ofSeconds(20));
    }

    private void failsAfter(int attempts, Duration timeout) {
        assertThatThrownBy(() -> generate(timeout)).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            assertThat(e.code()).isEqualTo(ErrorCode.GENERATOR_FAILED);
            assertThat(trace.toString()).doesNotContain(KEY);
        });
        assertThat(requests).hasSize(attempts);
    }

    @Test
    void streamedReplyBecomesStatementsWithTheirCitations() {
        replies.add(stream(
                delta("Refunds take "),
                delta("five days [1"),
                delta("]. Trains are late. [2][3] "),
                delta("Zebras, e.g. old ones, sleep [2, 4]."),
                "[DONE]"));

        assertThat(generate())
                .containsExactly(
                        new Statement("Refunds take five days.", List.of(1)),
                        new Statement("Trains are late.", List.of(2, 3)),
                        new Statement("Zebras, e.g. old ones, sleep.", List.of(2, 4)));
        assertThat(authorizations).containsExactly("Bearer " + KEY);
        assertThat(requests.getFirst()).contains("\"stream\":true", "test-model", "How long do refunds");
    }

    @Test
    void wholeReplyIsReadToo() {
        replies.add(body(
                "application/json",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Five days [1].\"}}]}"));

        assertThat(generate()).containsExactly(new Statement("Five days.", List.of(1)));
    }

    @Test
    void replyThatThereIsNoAnswerGivesNone() {
        replies.add(stream(delta("NO ANSWER"), "[DONE]"));

        assertThat(generate()).isEmpty();
    }

    @Test
    void busyAndBrokenServersAreAskedAgain() {
        replies.add(status(429));
        replies.add(status(503));
        replies.add(stream(delta("Five days [1]."), "[DONE]"));

        assertThat(generate()).hasSize(1);
        assertThat(requests).hasSize(3);
    }

    @Test
    void refusalIsNotRepeated() {
        replies.add(status(401));

        failsAfter(1, Duration.ofSeconds(20));
    }

    @Test
    void serverThatStaysDownFails() {
        replies.add(status(500));

        failsAfter(3, Duration.ofSeconds(20));
    }

    @Test
    void cutReplyFails() {
        replies.add(stream(delta("Five da")));

        failsAfter(1, Duration.ofSeconds(20));
    }

    @Test
    void connectionThatBreaksWithinTheReplyFails() {
        replies.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write(("data: " + delta("Five")).getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        });

        failsAfter(1, Duration.ofSeconds(20));
    }

    @Test
    void malformedChunkFails() {
        replies.add(stream("{not json", "[DONE]"));

        failsAfter(1, Duration.ofSeconds(20));
    }

    @Test
    void errorWithinTheStreamFails() {
        replies.add(stream("{\"error\":{\"message\":\"overloaded\"}}"));

        failsAfter(1, Duration.ofSeconds(20));
    }

    @Test
    void stalledReplyIsCutAtTheTimeout() {
        replies.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        failsAfter(1, Duration.ofMillis(300));
    }

    @Test
    void settingsDoNotPrintTheKey() {
        assertThat(settings(Duration.ofSeconds(1)).toString()).doesNotContain(KEY);
    }
}
