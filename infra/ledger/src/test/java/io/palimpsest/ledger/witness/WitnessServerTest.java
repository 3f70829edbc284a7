package io.palimpsest.ledger.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.OtherSize;
import io.palimpsest.ledger.witness.WitnessOutcome.Refused;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WitnessServerTest {
    private static final GrowingLog LOG = GrowingLog.of("another.example/log");

    private final InMemoryWitnessMemory memory = new InMemoryWitnessMemory();
    private final WitnessServer server = new WitnessServer(
            new Witness(
                    TrustedLogs.parse(
                            List.of(GoldenBytes.LOG_KEY, LOG.signer().key().text())),
                    GoldenBytes.witness(),
                    memory),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final HttpClient http = WitnessClient.http(Duration.ofSeconds(5));
    private final WitnessClient client = new WitnessClient(
            new WitnessEndpoint(GoldenBytes.witness().key(), server.prefix()),
            http,
            Duration.ofSeconds(20),
            GoldenBytes.CLOCK);

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    private HttpResponse<String> post(String path, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.prefix().resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void answers(byte[] request, int status, String type, String body) throws Exception {
        HttpResponse<String> answer = post("/add-checkpoint", request);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(own -> assertThat(own).startsWith(type));
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void bytesOnTheWireAreThoseOfTheSpecification() throws Exception {
        answers(GoldenBytes.FIRST_REQUEST.getBytes(UTF_8), 200, "text/plain", GoldenBytes.FIRST_ANSWER);
        answers(GoldenBytes.SECOND_REQUEST.getBytes(UTF_8), 200, "text/plain", GoldenBytes.SECOND_ANSWER);
        answers(GoldenBytes.FIRST_REQUEST.getBytes(UTF_8), 409, "text/x.tlog.size", "3\n");
    }

    @Test
    void everyRefusalHasItsStatus() throws Exception {
        assertThat(client.ask(LOG.request(0, 8))).isInstanceOf(Cosigned.class);
        GrowingLog fork = LOG.rewritten(2);
        answers("old\n".getBytes(UTF_8), 400, "text/plain", "there is no empty line before the checkpoint\n");
        refused(LOG.request(8, 5), 400);
        refused(GrowingLog.of("another.example/log").request(8, 9), 403);
        refused(GrowingLog.of("unknown.example/log").request(8, 9), 404);
        answers(LOG.request(3, 9).bytes(), 409, "text/x.tlog.size", "8\n");
        answers(
                fork.request(8, 8).bytes(),
                409,
                "text/plain",
                "a tree of the same size with another root was cosigned before\n");
        refused(fork.request(8, 8), 409);
        refused(fork.request(8, 9), 422);
        memory.fill();
        refused(LOG.request(8, 9), 500);
    }

    private void refused(AddCheckpoint request, int status) throws InterruptedException {
        assertThat(client.ask(request))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(status));
    }

    @Test
    void theClientLearnsTheSizeAndIsCosigned() throws Exception {
        assertThat(client.ask(LOG.request(0, 8))).isInstanceOf(Cosigned.class);
        assertThat(client.ask(LOG.request(0, 9))).isEqualTo(new OtherSize(8));
        assertThat(client.ask(LOG.request(8, 9))).isInstanceOf(Cosigned.class);
    }

    @Test
    void aRequestHasALimit() throws Exception {
        byte[] request = LOG.request(0, 1).bytes();
        assertThat(post("/add-checkpoint", new byte[WitnessServer.MAX_REQUEST]).statusCode())
                .isEqualTo(400);
        assertThat(post("/add-checkpoint", new byte[WitnessServer.MAX_REQUEST + 1])
                        .statusCode())
                .isEqualTo(413);
        assertThat(post("/add-checkpoint", request).statusCode()).isEqualTo(200);
    }

    @Test
    void thereIsOneCall() throws Exception {
        byte[] request = LOG.request(0, 1).bytes();
        for (String path : List.of("/", "/add-checkpoint/", "/add-checkpoint2", "/x/add-checkpoint")) {
            assertThat(post(path, request).statusCode()).isEqualTo(404);
        }
        HttpResponse<String> got = http.send(
                HttpRequest.newBuilder(server.prefix().resolve("/add-checkpoint"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(got.statusCode()).isEqualTo(405);
        assertThat(got.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void aConnectionIsKept() throws Exception {
        try (Socket socket =
                new Socket(server.prefix().getHost(), server.prefix().getPort())) {
            for (String body : List.of(GoldenBytes.FIRST_REQUEST, GoldenBytes.SECOND_REQUEST)) {
                byte[] bytes = body.getBytes(UTF_8);
                socket.getOutputStream()
                        .write(("POST /add-checkpoint HTTP/1.1\r\nHost: witness\r\nContent-Length: " + bytes.length
                                        + "\r\n\r\n")
                                .getBytes(UTF_8));
                socket.getOutputStream().write(bytes);
                assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    /** Up to the newline after the signature. */
    private static String answer(InputStream in) throws Exception {
        StringBuilder answer = new StringBuilder();
        while (!(answer.indexOf("\r\n\r\n") > 0
                && answer.charAt(answer.length() - 1) == '\n'
                && answer.indexOf("witness.example") > 0)) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        InetSocketAddress taken =
                new InetSocketAddress(server.prefix().getHost(), server.prefix().getPort());
        assertThatThrownBy(() -> new WitnessServer(new Witness(LOG.trusted(), GoldenBytes.witness(), memory), taken))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining(Integer.toString(taken.getPort()));
    }

    @Test
    void anAddressIsOneOfHttp() {
        for (String address : List.of("ftp://host/", "/path", "http:path", "http://host/?a", "http://host/#a")) {
            assertThatThrownBy(() -> new WitnessEndpoint(GoldenBytes.witness().key(), URI.create(address)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("witness.example/w1");
        }
        assertThat(new WitnessEndpoint(GoldenBytes.witness().key(), URI.create("https://host/a/b")).addCheckpoint())
                .hasToString("https://host/a/b/add-checkpoint");
        assertThat(new WitnessEndpoint(GoldenBytes.witness().key(), URI.create("http://host")).addCheckpoint())
                .hasToString("http://host/add-checkpoint");
    }
}
