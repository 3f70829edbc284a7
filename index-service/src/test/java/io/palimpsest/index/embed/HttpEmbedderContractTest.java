package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpEmbedderContractTest extends EmbedderContract {
    private static final String KEY = "sk-very-secret";
    private static final String TEXT = "confidential words";

    private final EmbeddingsStub server = new EmbeddingsStub(new HashingEmbedder(96));
    private final HttpEmbedder embedder = new HttpEmbedder(settings(server.endpoint(), 96));

    @Override
    Embedder embedder() {
        return embedder;
    }

    @AfterEach
    void close() {
        embedder.close();
        server.close();
    }

    @Test
    void textsTravelInBatchesWithTheKey() {
        embedder.embed(randomTexts(new Random(4), 20));

        assertThat(server.batchSizes).containsExactly(8, 8, 4);
        assertThat(server.authorizations).containsOnly("Bearer " + KEY);
    }

    @Test
    void overloadAndServerErrorsAreTriedAgain() {
        server.faults.add(new EmbeddingsStub.Fault(429, "0", ""));
        server.faults.add(new EmbeddingsStub.Fault(503, "Fri, 31 Dec 1999 23:59:59 GMT", ""));

        assertThat(embedder.embed(List.of(TEXT))).hasSize(1);
    }

    @Test
    void retryAfterIsKeptTo() {
        server.faults.add(new EmbeddingsStub.Fault(429, "1", ""));
        long started = System.nanoTime();

        embedder.embed(List.of(TEXT));

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void lastingServerErrorFailsAfterTheLastAttempt() {
        server.faults.addAll(Collections.nCopies(9, new EmbeddingsStub.Fault(500, "0", "")));

        assertFails(() -> embedder.embed(List.of(TEXT)), "answered 500 at attempt 4 of 4");
        assertThat(server.faults).hasSize(5);
    }

    @Test
    void refusalIsNotTriedAgain() {
        server.faults.add(new EmbeddingsStub.Fault(401, "0", "{\"error\":\"" + TEXT + KEY + "\"}"));

        assertFails(() -> embedder.embed(List.of(TEXT)), "answered 401 at attempt 1 of 4");
    }

    @Test
    void answersThatDoNotFitAreRefused() {
        for (String body : List.of(
                "not json " + TEXT,
                "{}",
                "{\"data\":[]}",
                "{\"data\":[{\"index\":7,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[]}]}")) {
            server.faults.add(new EmbeddingsStub.Fault(200, "0", body));
            assertFails(() -> embedder.embed(List.of(TEXT)), "embedding at 127.0.0.1");
        }
    }

    @Test
    void vectorsOfOtherDimensionsAreRefused() {
        try (HttpEmbedder other = new HttpEmbedder(settings(server.endpoint(), 384))) {
            assertFails(() -> other.embed(List.of(TEXT)), "96 dimensions, not 384");
        }
    }

    @Test
    void serverThatIsAwayFails() {
        server.close();

        assertFails(() -> embedder.embed(List.of(TEXT)), "did not answer");
    }

    @Test
    void settingsHideTheKey() {
        assertThat(settings(server.endpoint(), 1).toString()).contains("***").doesNotContain(KEY);
    }

    private static HttpEmbedderSettings settings(URI endpoint, int dimensions) {
        return new HttpEmbedderSettings(
                endpoint, "stub-model", dimensions, 8192, KEY, 8, Duration.ofSeconds(20), 4, Duration.ofMillis(5));
    }

    private static void assertFails(ThrowingCallable call, String reason) {
        assertThatThrownBy(call).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            assertThat(e.code()).isEqualTo(ErrorCode.EMBED_FAILED);
            assertThat(e).hasMessageContaining(reason);
            assertThat(trace.toString()).doesNotContain(KEY, TEXT);
        });
    }
}
