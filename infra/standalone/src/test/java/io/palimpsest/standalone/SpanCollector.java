package io.palimpsest.standalone;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An OpenTelemetry collector that keeps what it is sent (OTLP over HTTP, protobuf: opentelemetry/proto/trace/v1/trace.proto). */
final class SpanCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /**
     * One span.
     *
     * @param trace 32 hex digits
     * @param id 16 hex digits
     * @param parent as {@code id}; empty at the root
     */
    record Span(String trace, String id, String parent, String name) {}

    SpanCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** Of the trace, in no order. */
    List<Span> spans(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        UnknownFieldSet request =
                UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes());
        for (ByteString ofResource : each(request, 1)) {
            for (ByteString ofScope : each(UnknownFieldSet.parseFrom(ofResource), 2)) {
                for (ByteString span : each(UnknownFieldSet.parseFrom(ofScope), 2)) {
                    spans.add(span(span));
                }
            }
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Span span(ByteString bytes) throws InvalidProtocolBufferException {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
        List<ByteString> name = each(fields, 5);
        return new Span(
                hex(fields, 1),
                hex(fields, 2),
                hex(fields, 4),
                name.isEmpty() ? "" : name.getFirst().toStringUtf8());
    }

    private static String hex(UnknownFieldSet fields, int number) {
        List<ByteString> value = each(fields, number);
        return value.isEmpty() ? "" : HexFormat.of().formatHex(value.getFirst().toByteArray());
    }

    private static List<ByteString> each(UnknownFieldSet fields, int number) {
        return fields.getField(number).getLengthDelimitedList();
    }
}
