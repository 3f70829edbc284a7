package io.palimpsest.index.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.index.answer.AnswerParts;
import io.palimpsest.index.answer.AnswerService;
import io.palimpsest.index.answer.Generator;
import io.palimpsest.index.answer.GroundingThresholds;
import io.palimpsest.index.answer.Prompt;
import io.palimpsest.index.answer.Statement;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers over HTTP, whole and as server-sent events. */
@SuppressWarnings("NullAway.Init") // set before each test
final class AnswerRoutesTest {
    private static final String KEY = "ann-key";
    private static final String FIRST = "Refunds of travel costs take five days.";
    private static final String SECOND = "Refunds of travel costs need a receipt.";
    private static final String QUESTION = "{\"query\":\"How long do refunds of travel costs take?\"}";

    private final Corpus corpus = new Corpus();
    private final HttpClient client = HttpClient.newHttpClient();
    /** What the generator does with the statements it may give. */
    private Consumer<Consumer<Statement>> script = statements -> {};

    private ApiServer server;

    private record Event(String name, JsonNode data) {}

    @BeforeEach
    void start(@TempDir Path dir) {
        corpus.add("refunds", FIRST + " " + SECOND);
        Generator scripted = new Generator() {
            @Override
            public String model() {
                return "scripted";
            }

            @Override
            public void generate(Prompt prompt, Consumer<Statement> statements) {
                script.accept(statements);
            }
        };
        AnswerService answers = new AnswerService(new AnswerParts(
                corpus.search(),
                scripted,
                corpus.embedder,
                new GroundingThresholds(0.3f, 0.5f, 0.5f, 0.8f),
                text -> text.split("\\s+").length,
                200,
                corpus.telemetry));
        KeyEntry ann = new KeyEntry(
                ContentHash.ofText(KEY),
                Corpus.COLLECTION.tenant(),
                "ann",
                List.of("docs"),
                List.of(Role.SEARCH),
                null);
        server = new ApiServer(
                        HttpSettings.anyPort(),
                        ApiKeys.of(List.of(ann)),
                        corpus.telemetry,
                        new Health(),
                        List.of(new AnswerRoutes(answers, Settings.defaults(dir).search())),
                        refused -> {})
                .start();
    }

    @AfterEach
    void stop() {
        client.shutdownNow(); // closing would wait for a stream that a failed test left open
        server.close();
    }

    @Test
    void eachSentenceIsAnEventAsSoonAsItIsCheckedAndTheWholeAnswerIsTheLast() throws Exception {
        CountDownLatch firstWasRead = new CountDownLatch(1);
        script = statements -> {
            statements.accept(new Statement(FIRST, List.of(1)));
            await(firstWasRead);
            statements.accept(new Statement("Zebras approve all of it on Mondays.", List.of(1)));
            statements.accept(new Statement(SECOND, List.of(1)));
        };
        HttpResponse<InputStream> response = stream();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        try (BufferedReader lines = lines(response)) {
            Event first = next(lines);
            assertThat(first.name()).isEqualTo("sentence");
            assertThat(first.data().path("text").asText()).isEqualTo(FIRST);
            firstWasRead.countDown();
            List<Event> rest = rest(lines);
            assertThat(rest).extracting(Event::name).containsExactly("sentence", "answer");
            assertThat(rest.getFirst()
                            .data()
                            .path("citations")
                            .path(0)
                            .path("quote")
                            .asText())
                    .isEqualTo(SECOND);
            JsonNode answer = rest.getLast().data();
            assertThat(answer.path("answer").asText()).isEqualTo(FIRST + " " + SECOND);
            assertThat(answer.path("droppedSentences").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aFailureInTheMiddleIsTheLastEventAndWhatCameBeforeItStands() throws Exception {
        script = statements -> {
            statements.accept(new Statement(FIRST, List.of(1)));
            throw new PalimpsestException(ErrorCode.GENERATOR_FAILED, "the chat endpoint failed: its reply was cut");
        };
        try (BufferedReader lines = lines(stream())) {
            List<Event> events = rest(lines);
            assertThat(events).extracting(Event::name).containsExactly("sentence", "error");
            JsonNode error = events.getLast().data();
            assertThat(error.path("code").asText()).isEqualTo(ErrorCode.GENERATOR_FAILED.id());
            assertThat(error.path("message").asText()).contains("its reply was cut");
            assertThat(error.path("hint").asText()).isNotBlank();
        }
    }

    @Test
    void aDefectInTheMiddleIsAnErrorEventThatTellsNothingOfItself() throws Exception {
        script = statements -> {
            statements.accept(new Statement(FIRST, List.of(1)));
            throw new IllegalStateException("document text might stand here");
        };
        try (BufferedReader lines = lines(stream())) {
            List<Event> events = rest(lines);
            assertThat(events).extracting(Event::name).containsExactly("sentence", "error");
            JsonNode error = events.getLast().data();
            assertThat(error.path("code").asText()).isEqualTo(ErrorCode.INTERNAL.id());
            assertThat(error.toString()).doesNotContain("might stand here");
        }
    }

    @Test
    void theAnswerOfAReaderWhoWentAwayIsNotMadeToItsEnd() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        script = statements -> {
            try {
                while (true) {
                    statements.accept(new Statement(FIRST, List.of(1)));
                }
            } finally {
                stopped.countDown();
            }
        };
        try (BufferedReader lines = lines(stream())) {
            assertThat(next(lines).name()).isEqualTo("sentence");
        }
        await(stopped);
        script = statements -> statements.accept(new Statement(SECOND, List.of(1)));
        HttpResponse<String> later = ask(QUESTION, KEY);
        assertThat(Json.mapper().readTree(later.body()).path("answer").asText()).isEqualTo(SECOND);
    }

    @Test
    void withoutTheWishForAStreamTheAnswerIsOneDocumentAndAFailureAProblem() throws Exception {
        script = statements -> statements.accept(new Statement(FIRST, List.of(1)));
        HttpResponse<String> whole = ask(QUESTION, KEY);
        assertThat(whole.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(Json.mapper().readTree(whole.body()).path("sentences")).hasSize(1);
        script = statements -> {
            throw new PalimpsestException(ErrorCode.GENERATOR_FAILED, "the chat endpoint failed");
        };
        HttpResponse<String> failed = ask(QUESTION, KEY);
        assertThat(failed.statusCode()).isEqualTo(ErrorCode.GENERATOR_FAILED.httpStatus());
        assertThat(failed.body()).contains(ErrorCode.GENERATOR_FAILED.id());
    }

    @Test
    void whatIsRefusedIsRefusedBeforeAStreamBegins() throws Exception {
        for (String body : List.of("{", "{}", "{\"query\":\"x\",\"surprise\":1}")) {
            HttpResponse<String> refused = client.send(
                    request(body, KEY).header("Accept", "text/event-stream").build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).as(body).isEqualTo(400);
            assertThat(refused.body()).contains(ErrorCode.QUERY_INVALID.id());
        }
        assertThat(ask(QUESTION, "wrong").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> ask(String body, String key) throws Exception {
        return client.send(request(body, key).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<InputStream> stream() throws Exception {
        return client.send(
                request(QUESTION, KEY).header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(String body, String key) {
        return HttpRequest.newBuilder(URI.create(server.address() + "/v1/collections/docs/answer"))
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static BufferedReader lines(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static Event next(BufferedReader lines) throws IOException {
        String name = lines.readLine();
        String data = lines.readLine();
        assertThat(name).startsWith("event: ");
        assertThat(data).startsWith("data: ");
        assertThat(lines.readLine()).isEmpty();
        return new Event(name.substring("event: ".length()), Json.mapper().readTree(data.substring("data: ".length())));
    }

    private static List<Event> rest(BufferedReader lines) throws IOException {
        List<Event> events = new ArrayList<>();
        lines.mark(1);
        while (lines.read() >= 0) {
            lines.reset();
            events.add(next(lines));
            lines.mark(1);
        }
        return events;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
