package io.palimpsest.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.standalone.cli.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Between the retrain service and the index service of one process: passes on what is asked, and strikes once when something
 * certain has been done and nobody was told of it yet.
 */
final class IndexDoor implements AutoCloseable {
    private static final String GENERATIONS = "/v1/collections/default/generations";
    private static final String SEARCH = "POST /v1/collections/default/search .*\"generation\":\"";

    /** A candidate gets a generation. */
    static final String MAKE = "POST " + GENERATIONS + " ";
    /** How far a build is; canaries look at lists only. */
    static final String LOOK_AT_ONE = "GET " + GENERATIONS + "/\\S";

    static final String SHADOW = "PUT " + GENERATIONS + "/\\S+/shadow \\{\"share\":1";
    static final String SWAP = "POST " + GENERATIONS + "/\\S+/swap";

    private final Path dataDir;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Optional<Trap>> trap = new AtomicReference<>(Optional.empty());
    private volatile boolean open = true;

    /** What happens once at a request. */
    private record Trap(Pattern request, Strike strike, CountDownLatch sprung) {}

    /** Something that may fail. */
    interface Strike {
        void strike() throws Exception;
    }

    /** @param dataDir of the process, which may end and begin again */
    IndexDoor(Path dataDir) throws IOException {
        this.dataDir = dataDir;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::pass);
        server.start();
    }

    /** A search of any generation but this one: canaries ask the live one only. */
    static String searchBeside(String live) {
        return SEARCH + "(?!" + Pattern.quote(live) + "\")";
    }

    /** A search of a generation that is live no more: only a watch asks it. */
    static String searchOf(String generation) {
        return SEARCH + Pattern.quote(generation) + "\"";
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Until it is opened nobody gets an answer. */
    void shut() {
        open = false;
    }

    void open() {
        open = true;
    }

    /** @param request method and path that it begins with, as a regular expression: the next one is answered only after the strike */
    Runnable arm(String request, Strike strike) {
        Trap armed = new Trap(Pattern.compile(request + ".*", Pattern.DOTALL), strike, new CountDownLatch(1));
        trap.set(Optional.of(armed));
        return () -> {
            try {
                if (!armed.sprung().await(House.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody asked for " + request);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!open) {
                throw new IOException("shut");
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(body, StandardCharsets.UTF_8);
            HttpResponse<byte[]> answer = forward(exchange, body);
            Optional<Trap> armed = trap.get();
            if (armed.filter(it -> it.request().matcher(request).matches()).isPresent()
                    && trap.compareAndSet(armed, Optional.empty())) {
                try {
                    armed.get().strike().strike();
                } finally {
                    armed.get().sprung().countDown();
                }
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (Exception e) {
            exchange.close(); // to the caller: the connection broke
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        URI target = ServerAddress.read(dataDir)
                .orElseThrow(() -> new IOException("the process does not take requests yet"))
                .api();
        return http.send(
                HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                        .header(
                                "Authorization",
                                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")))
                        .header("Content-Type", "application/json")
                        .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
