package io.palimpsest.ledger.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.witness.WitnessVerdict.Cosigned;
import io.palimpsest.ledger.witness.WitnessVerdict.Inconsistent;
import io.palimpsest.ledger.witness.WitnessVerdict.Malformed;
import io.palimpsest.ledger.witness.WitnessVerdict.OtherRoot;
import io.palimpsest.ledger.witness.WitnessVerdict.OtherSize;
import io.palimpsest.ledger.witness.WitnessVerdict.UnknownLog;
import io.palimpsest.ledger.witness.WitnessVerdict.Unsigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /add-checkpoint} of a {@link Witness} over HTTP/1.1, without TLS: for other machines a proxy with TLS stands before
 * it. Whoever reaches it may ask; what counts is the log's signature.
 */
public final class WitnessServer implements AutoCloseable {
    /** Bytes of a request; a checkpoint with a hundred signatures has fewer. */
    static final int MAX_REQUEST = 128 * 1024;

    static final String SIZE_TYPE = "text/x.tlog.size";

    private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
    private static final String PATH = "/add-checkpoint";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";

    private final Witness witness;
    private final HttpServer server;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    private record Reply(int status, String type, String body) {
        static Reply of(WitnessVerdict verdict) {
            return switch (verdict) {
                case Cosigned cosigned -> text(verdict, cosigned.signature().line());
                case Malformed malformed -> text(verdict, malformed.why());
                case Unsigned unsigned ->
                    text(verdict, "no key that is trusted for this log has signed the checkpoint");
                case UnknownLog unknown -> text(verdict, "this log is not known here");
                case OtherSize other -> new Reply(verdict.status(), SIZE_TYPE, other.lastSize() + "\n");
                case OtherRoot other -> text(verdict, "a tree of the same size with another root was cosigned before");
                case Inconsistent inconsistent -> text(verdict, inconsistent.why());
            };
        }

        private static Reply text(WitnessVerdict verdict, String line) {
            return text(verdict.status(), line);
        }

        static Reply text(int status, String line) {
            return new Reply(status, TEXT_TYPE, line + "\n");
        }
    }

    /**
     * Listens at once.
     *
     * @param address port 0: any
     * @throws PalimpsestException {@link ErrorCode#PORT_TAKEN}
     */
    public WitnessServer(Witness witness, InetSocketAddress address) {
        this.witness = witness;
        try {
            this.server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.PORT_TAKEN, "nothing can listen on " + address, e);
        }
        server.setExecutor(requests);
        server.createContext("/", this::handle);
        server.start();
    }

    /** What {@code add-checkpoint} comes after. */
    public URI prefix() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            return Reply.text(404, "there is only " + PATH);
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            return Reply.text(405, "only POST");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST + 1);
        if (body.length > MAX_REQUEST) {
            exchange.getResponseHeaders().set("Connection", "close");
            return Reply.text(413, "a request has at most " + MAX_REQUEST + " bytes");
        }
        try {
            return Reply.of(witness.judge(body));
        } catch (UncheckedIOException e) {
            LOG.error("what was cosigned last cannot be written: nothing is cosigned until a restart", e);
            return Reply.text(500, "the witness cannot remember anything");
        }
    }
}
