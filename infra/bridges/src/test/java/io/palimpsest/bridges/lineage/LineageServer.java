package io.palimpsest.bridges.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClientUtils;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** Takes events as a lineage server does, or answers as it is told to. */
final class LineageServer implements AutoCloseable {
    private final HttpServer server;
    private final List<RunEvent> taken = new CopyOnWriteArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile String key = "none";
    volatile ToIntFunction<RunEvent> answer = event -> 201;

    LineageServer() throws Exception {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/api/v1/lineage", exchange -> {
            asked.incrementAndGet();
            key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            RunEvent event = OpenLineageClientUtils.runEventFromJson(
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            int status = answer.applyAsInt(event);
            if (status < 300) {
                taken.add(event);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<RunEvent> taken() {
        return taken;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
