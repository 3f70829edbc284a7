package io.palimpsest.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RepeatedRequestTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private HttpRequest request;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .build();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        client.close();
    }

    @Test
    void whatPassesIsTriedAgainUntilItIsAnswered() {
        answers(List.of(503, 429, 200));
        assertThat(three().send(request, BodyHandlers.ofString()).body()).isEqualTo("body");
        assertThat(asked).hasValue(3);
    }

    @Test
    void aRefusalIsFinal() {
        answers(List.of(401));
        assertFails(three(), "the endpoint failed: it answered 401 at attempt 1 of 3");
        assertThat(asked).hasValue(1);
    }

    @Test
    void theLastAttemptSaysWhatWasAnsweredAndNotTheBody() {
        answers(List.of(500, 500, 502));
        assertFails(three(), "the endpoint failed: it answered 502 at attempt 3 of 3");
        assertThat(asked).hasValue(3);
    }

    @Test
    void aServerThatIsNotThereIsTriedAgainToo() {
        server.stop(0);
        assertFails(three(), "the endpoint failed: it did not answer at attempt 3 of 3");
    }

    @Test
    void retryAfterIsWaitedForUpToTheLongestPause() {
        server.createContext("/", exchange -> {
            boolean first = asked.incrementAndGet() == 1;
            exchange.getResponseHeaders().add("Retry-After", "3600");
            exchange.sendResponseHeaders(first ? 429 : 200, -1);
            exchange.close();
        });
        long start = System.nanoTime();
        BackOff shorter = new BackOff(Duration.ofMillis(1), Duration.ofMillis(300));
        assertThat(of(shorter).send(request, BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void anInterruptEndsItAndStaysSet() {
        answers(List.of(503));
        Thread.currentThread().interrupt();
        assertFails(three(), "the endpoint failed: interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private void answers(List<Integer> statuses) {
        server.createContext("/", exchange -> {
            byte[] body = "body".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(statuses.get(asked.getAndIncrement()), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private RepeatedRequest three() {
        return of(BackOff.constant(Duration.ofMillis(1)));
    }

    private RepeatedRequest of(BackOff backOff) {
        return new RepeatedRequest(client, 3, backOff, ErrorCode.EMBED_FAILED, "the endpoint");
    }

    private void assertFails(RepeatedRequest requests, String message) {
        assertThatThrownBy(() -> requests.send(request, BodyHandlers.ofInputStream()))
                .isInstanceOf(PalimpsestException.class)
                .hasMessage(message);
    }
}
