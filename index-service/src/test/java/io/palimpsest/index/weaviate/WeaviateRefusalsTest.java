package io.palimpsest.index.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.WeaviateSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is said when there is no server that will do. */
final class WeaviateRefusalsTest {
    private static WeaviateSettings at(int port) {
        return TestWeaviate.settings("127.0.0.1", port, port, "Refused");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Answers every request alike. */
    private static HttpServer answering(int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            boolean probe = exchange.getRequestURI().getPath().contains(".well-known");
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(probe ? 200 : status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void assertRefused(WeaviateSettings settings, ErrorCode code, String... words) {
        assertThatThrownBy(() -> new WeaviatePassageIndex(settings))
                .hasMessageContaining("Weaviate")
                .hasMessageContaining("127.0.0.1:" + settings.httpPort())
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void stoppedServerIsNamedWithWhatToDo() throws IOException {
        assertRefused(at(freePort()), ErrorCode.INDEX_UNAVAILABLE, "start it", "3 attempts");
    }

    @Test
    void wrongKeyIsNamedWithWhatToDoAndNotTriedAgain() throws IOException {
        HttpServer server = answering(401, "{\"error\":[{\"message\":\"anonymous access not enabled\"}]}");
        try {
            assertThatThrownBy(() ->
                            new WeaviatePassageIndex(at(server.getAddress().getPort())))
                    .hasMessageNotContaining("attempts");
            assertRefused(at(server.getAddress().getPort()), ErrorCode.INDEX_REFUSED, "index.weaviate.key");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void oldServerIsNamedWithWhatToDo() throws IOException {
        HttpServer server = answering(200, "{\"hostname\":\"h\",\"version\":\"1.30.4\",\"modules\":{}}");
        try {
            assertRefused(at(server.getAddress().getPort()), ErrorCode.INDEX_REFUSED, "1.32");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void serverThatFailsIsTriedAgain() throws IOException {
        HttpServer server = answering(503, "{}");
        try {
            assertRefused(at(server.getAddress().getPort()), ErrorCode.INDEX_UNAVAILABLE, "503", "3 attempts");
        } finally {
            server.stop(0);
        }
    }
}
