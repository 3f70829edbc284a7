package io.palimpsest.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Serves content with an ETag, and counts what was asked and what was sent. */
final class ReferenceServer implements AutoCloseable {
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger unchanged = new AtomicInteger();
    final AtomicLong sentBytes = new AtomicLong();
    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
    private final HttpServer server;

    ReferenceServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.createContext("/broken/", this::breakOff);
        server.start();
    }

    /** @return its address */
    String put(String path, byte[] body) {
        bodies.put(path, body);
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = bodies.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
        String etag = "\"" + Arrays.hashCode(body) + "\"";
        exchange.getResponseHeaders().add("ETag", etag);
        exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
        if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            unchanged.incrementAndGet();
            exchange.sendResponseHeaders(304, -1);
        } else {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            sentBytes.addAndGet(body.length);
        }
        exchange.close();
    }

    /** Announces all of it, and sends half. */
    private void breakOff(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = bodies.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
