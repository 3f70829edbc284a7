package io.palimpsest.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.fetch.FetchOutcome.FetchFailed;
import io.palimpsest.ingest.fetch.FetchOutcome.Fetched;
import io.palimpsest.testkit.engine.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** References to a server that speaks TLS, with a certificate for localhost of an authority that the JVM does not know. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class HttpsReferenceTest {
    @TempDir
    static Path dir;

    private Certificates certificates;
    private HttpsServer server;
    private HttpServer plain;

    @BeforeAll
    void start() throws IOException, GeneralSecurityException {
        certificates = Certificates.make(dir);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(certificates)));
        plain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve(server, "/a", 200, "over TLS", "");
        serve(server, "/down", 302, "", "http://localhost:" + plain.getAddress().getPort() + "/a");
        serve(server, "/along", 302, "", "/a");
        serve(plain, "/a", 200, "in clear", "");
        serve(plain, "/up", 302, "", "https://localhost:" + server.getAddress().getPort() + "/a");
        server.start();
        plain.start();
    }

    @AfterAll
    void stop() {
        server.stop(0);
        plain.stop(0);
    }

    @Test
    void aServerOfATrustedAuthorityIsRead() {
        assertThat(((Fetched) fetch(https("localhost", "/a"), certificates.authority())).file())
                .hasContent("over TLS");
        assertThat(((Fetched) fetch(https("localhost", "/along"), certificates.authority())).file())
                .hasContent("over TLS");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefusedAndIsToldSo() {
        FetchFailed failed = (FetchFailed) fetch(https("localhost", "/a"), null);
        assertThat(failed.code()).isEqualTo(ErrorCode.REFERENCE_UNTRUSTED);
        assertThat(failed.message()).isEqualTo("the certificate of localhost is not trusted for it");
        assertThat(failed.code().next()).isEqualTo(NextAction.DEAD_LETTER);
        assertThat(failed.code().hint()).contains("fetch.ca.file");
        assertThat(dir.resolve("fetched")).doesNotExist();
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedThoughItsAuthorityIsTrusted() {
        FetchFailed failed = (FetchFailed) fetch(https("docs.example", "/a"), certificates.authority());
        assertThat(failed.code()).isEqualTo(ErrorCode.REFERENCE_UNTRUSTED);
        assertThat(failed.message()).contains("docs.example");
    }

    @Test
    void aRedirectFromHttpsToHttpIsRefusedAndTheOtherWayIsFollowed() {
        FetchFailed failed = (FetchFailed) fetch(https("localhost", "/down"), certificates.authority());
        assertThat(failed.code()).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(failed.message()).isEqualTo("redirected from https to http");
        URI up = URI.create("http://localhost:" + plain.getAddress().getPort() + "/up");
        assertThat(((Fetched) fetch(up, certificates.authority())).file()).hasContent("over TLS");
    }

    @Test
    void aFileThatHoldsNoCertificatesIsNamedAtTheStart() throws IOException {
        Path empty = Files.writeString(dir.resolve("empty.pem"), "");
        assertThatThrownBy(() -> fetch(https("localhost", "/a"), empty))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("empty.pem");
    }

    private URI https(String host, String path) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort() + path);
    }

    private static FetchOutcome fetch(URI reference, @Nullable Path authority) {
        FetchPolicy policy = new FetchPolicy(
                List.of(),
                Set.of("localhost", "docs.example"),
                true,
                1_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                3,
                Optional.ofNullable(authority));
        try (Fetcher fetcher =
                new Fetcher(policy, host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, address -> true)) {
            return fetcher.fetch(reference, null, dir.resolve("fetched"));
        }
    }

    private static void serve(HttpServer server, String path, int status, String body, String location) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().set("Location", location);
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
    }

    private static SSLContext context(Certificates certificates) throws IOException, GeneralSecurityException {
        char[] password = Certificates.PASSWORD.toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(certificates.keyStore().toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
