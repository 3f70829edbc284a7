package io.palimpsest.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.fetch.FetchOutcome.FetchFailed;
import io.palimpsest.ingest.fetch.FetchOutcome.Fetched;
import io.palimpsest.ingest.fetch.FetchOutcome.NotModified;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpReferenceTest {
    private static final String HOST = "docs.example";

    @TempDir
    Path dir = Path.of("");

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private HttpServer server = newServer();

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        closing.countDown();
        server.stop(0);
    }

    @Test
    void bodyTypeAndValidatorsAreReturned() {
        serve("/a", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.getResponseHeaders().set("ETag", "\"v1\"");
            answer(exchange, 200, "hello");
        });
        Fetched fetched = (Fetched) fetch("/a");
        assertThat(fetched.file()).hasContent("hello");
        assertThat(fetched.contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(fetched.validators()).isEqualTo(new Validators("\"v1\"", null));
    }

    @Test
    void unchangedContentIsNotFetchedAgain() {
        serve("/a", exchange -> {
            boolean same = "\"v1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            answer(exchange, same ? 304 : 200, same ? "" : "new");
        });
        try (Fetcher fetcher = fetcher(1_000)) {
            assertThat(fetcher.fetch(address("/a"), new Validators("\"v1\"", null), file()))
                    .isInstanceOf(NotModified.class);
            assertThat(fetcher.fetch(address("/a"), new Validators("\"v0\"", null), file()))
                    .isInstanceOf(Fetched.class);
        }
    }

    @Test
    void redirectWithinTheRulesIsFollowed() {
        serve("/old", exchange -> redirect(exchange, "/new"));
        serve("/new", exchange -> answer(exchange, 200, "moved"));
        assertThat(((Fetched) fetch("/old")).file()).hasContent("moved");
    }

    @Test
    void redirectToAnAddressThatIsNotPublicIsRefusedBeforeItIsContacted() {
        serve("/to-private", exchange -> redirect(exchange, "http://127.0.0.2:" + port() + "/secret"));
        serve("/secret", exchange -> answer(exchange, 200, "secret"));
        assertThat(codeOf("/to-private")).isEqualTo(ErrorCode.REFERENCE_PRIVATE_ADDRESS);
        assertThat(requests).hasValue(1);
    }

    @Test
    void redirectToAHostOrSchemeThatIsNotAllowedIsRefused() {
        serve("/to-host", exchange -> redirect(exchange, "http://other.example/x"));
        serve("/to-file", exchange -> redirect(exchange, "file:///etc/passwd"));
        assertThat(codeOf("/to-host")).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf("/to-file")).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    @Test
    void nameThatResolvesToThisMachineIsRefusedByDefault() {
        serve("/a", exchange -> answer(exchange, 200, "hello"));
        try (Fetcher fetcher = new Fetcher(
                policy(1_000),
                host -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                PublicAddresses::contains)) {
            assertThat(code(fetcher.fetch(address("/a"), null, file()))).isEqualTo(ErrorCode.REFERENCE_PRIVATE_ADDRESS);
        }
        assertThat(requests).hasValue(0);
    }

    @Test
    void nameIsResolvedOncePerConnectionSoThatItCannotBeRebound() {
        serve("/a", exchange -> answer(exchange, 200, "hello"));
        AtomicInteger lookups = new AtomicInteger();
        CheckedResolver.Lookup rebinding =
                host -> InetAddress.getAllByName(lookups.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2");
        try (Fetcher fetcher = new Fetcher(policy(1_000), rebinding, HttpReferenceTest::isFirstLoopback)) {
            assertThat(fetcher.fetch(address("/a"), null, file())).isInstanceOf(Fetched.class);
        }
        assertThat(lookups).hasValue(1);
    }

    @Test
    void literalPrivateAddressIsRefusedByDefault() {
        FetchPolicy anyHost = FetchPolicy.of(List.of(), Set.of("*"));
        try (Fetcher fetcher = new Fetcher(anyHost)) {
            for (String host : List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "localhost")) {
                URI reference = URI.create("http://" + host + ":" + port() + "/a");
                assertThat(code(fetcher.fetch(reference, null, file())))
                        .as(host)
                        .isEqualTo(ErrorCode.REFERENCE_PRIVATE_ADDRESS);
            }
        }
    }

    @Test
    void endlessRedirectsAreCutOff() {
        serve("/loop", exchange -> redirect(exchange, "/loop"));
        assertThat(codeOf("/loop")).isEqualTo(ErrorCode.FETCH_TOO_MANY_REDIRECTS);
    }

    @Test
    void announcedLengthOverTheLimitIsRefused() {
        serve("/big", exchange -> answer(exchange, 200, "x".repeat(1_001)));
        assertThat(codeOf("/big")).isEqualTo(ErrorCode.FETCH_TOO_LARGE);
        assertThat(file()).doesNotExist();
    }

    @Test
    void unannouncedLengthOverTheLimitIsCutOff() {
        serve("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (closing.getCount() > 0) {
                    body.write(new byte[512]);
                }
            }
        });
        assertThat(codeOf("/endless")).isEqualTo(ErrorCode.FETCH_TOO_LARGE);
        assertThat(file()).doesNotExist();
    }

    @Test
    void slowBodyEndsAtTheDeadline() {
        serve("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            await();
        });
        long before = System.nanoTime();
        FetchFailed failed = (FetchFailed) fetch("/slow");
        assertThat(failed.code()).isEqualTo(ErrorCode.FETCH_FAILED);
        assertThat(failed.message()).contains("not complete after 2000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void statusDecidesWhetherToTryAgain() {
        int[] statuses = {404, 410, 401, 403, 429, 500, 503};
        for (int status : statuses) {
            serve("/" + status, exchange -> answer(exchange, status, "no"));
        }
        assertThat(codeOf("/404")).isEqualTo(ErrorCode.REFERENCE_NOT_FOUND);
        assertThat(codeOf("/410")).isEqualTo(ErrorCode.REFERENCE_NOT_FOUND);
        assertThat(codeOf("/401")).isEqualTo(ErrorCode.REFERENCE_REFUSED);
        assertThat(codeOf("/403")).isEqualTo(ErrorCode.REFERENCE_REFUSED);
        assertThat(codeOf("/429")).isEqualTo(ErrorCode.FETCH_FAILED);
        assertThat(codeOf("/500")).isEqualTo(ErrorCode.FETCH_FAILED);
        assertThat(codeOf("/503")).isEqualTo(ErrorCode.FETCH_FAILED);
    }

    @Test
    void hostThatIsNotNamedIsNotAllowed() {
        assertThat(code(fetchAt(URI.create("http://elsewhere.example/a")))).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(code(fetchAt(URI.create("http://user:word@" + HOST + "/a"))))
                .isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    @Test
    void serverThatIsNotThereIsTriedAgain() {
        server.stop(0);
        assertThat(codeOf("/a")).isEqualTo(ErrorCode.FETCH_FAILED);
    }

    private void serve(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        answer(exchange, 302, "");
    }

    private void await() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private URI address(String path) {
        return URI.create("http://" + HOST + ":" + port() + path);
    }

    private Path file() {
        return dir.resolve("fetched");
    }

    private ErrorCode codeOf(String path) {
        return code(fetch(path));
    }

    private static ErrorCode code(FetchOutcome outcome) {
        assertThat(outcome).isInstanceOf(FetchFailed.class);
        return ((FetchFailed) outcome).code();
    }

    private FetchOutcome fetch(String path) {
        return fetchAt(address(path));
    }

    private FetchOutcome fetchAt(URI reference) {
        try (Fetcher fetcher = fetcher(1_000)) {
            return fetcher.fetch(reference, null, file());
        }
    }

    private static Fetcher fetcher(long maxBytes) {
        return new Fetcher(policy(maxBytes), HttpReferenceTest::lookup, HttpReferenceTest::isFirstLoopback);
    }

    /** Stands for the public address; 127.0.0.2 is the private one. */
    private static boolean isFirstLoopback(InetAddress address) {
        return address.getHostAddress().equals("127.0.0.1");
    }

    private static InetAddress[] lookup(String host) throws UnknownHostException {
        return host.equals(HOST)
                ? new InetAddress[] {InetAddress.getLoopbackAddress()}
                : InetAddress.getAllByName(host);
    }

    private static FetchPolicy policy(long maxBytes) {
        return new FetchPolicy(
                List.of(),
                Set.of(HOST, "127.0.0.2"),
                true,
                maxBytes,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                3,
                Optional.empty());
    }
}
