package io.palimpsest.platform.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What is sent again, at a server that answers as it is told. */
@SuppressWarnings("NullAway.Init") // set before each test
final class S3ClientsTest {
    private final Queue<String> refusals = new ArrayDeque<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            String refusal = refusals.poll();
            byte[] body = refusal == null
                    ? new byte[0]
                    : ("<Error><Code>" + refusal + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refusal == null ? 200 : 400, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"XAmzContentSHA256Mismatch", "BadDigest", "IncompleteBody"})
    void whatWasDamagedOnTheWayIsSentAgain(String code) {
        refusals.addAll(List.of(code, code));
        put();
        assertThat(asked).hasValue(3);
    }

    @Test
    void whatIsWrongIsNot() {
        refusals.add("InvalidArgument");
        assertThatThrownBy(this::put).isInstanceOf(S3Exception.class);
        assertThat(asked).hasValue(1);
    }

    private void put() {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        S3Access access = new S3Access(
                Optional.of(address),
                "eu-central-1",
                Optional.empty(),
                new Secret("key"),
                new Secret("secret"),
                true,
                Duration.ofSeconds(10),
                3);
        try (S3Client client = S3Clients.of(access)) {
            client.putObject(request -> request.bucket("b").key("k"), RequestBody.fromString("content"));
        }
    }
}
