package io.palimpsest.index.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.retry.RepeatedRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Speaks the OpenAI-compatible chat protocol, streamed (server-sent events) or whole.
 *
 * <p>Failure: {@code GENERATOR_FAILED}; messages hold neither the key nor what was sent or received.
 */
public final class ChatClient {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final RepeatedRequest requests;
    private final OpenAiSettings settings;

    public ChatClient(HttpClient http, OpenAiSettings settings) {
        this.requests = new RepeatedRequest(
                http,
                settings.attempts(),
                new BackOff(settings.pause(), LONGEST_PAUSE),
                ErrorCode.GENERATOR_FAILED,
                "the chat endpoint");
        this.settings = settings;
    }

    public String model() {
        return settings.model();
    }

    /** Gives the text of the reply in pieces, in order. */
    public void chat(String system, String user, Consumer<String> pieces) {
        Map<String, Object> body = Map.of(
                "model", settings.model(),
                "temperature", 0,
                "max_tokens", settings.maxOutputTokens(),
                "stream", settings.stream(),
                "messages",
                        List.of(Map.of("role", "system", "content", system), Map.of("role", "user", "content", user)));
        HttpResponse<InputStream> response = send(Json.write(body));
        try (InputStream in = response.body()) {
            CompletableFuture<Void> cut = closeAfterTimeout(in);
            try {
                String type = response.headers().firstValue("Content-Type").orElse("");
                if (type.startsWith("text/event-stream")) {
                    streamed(in, pieces);
                } else {
                    whole(Json.read(in.readAllBytes(), JsonNode.class), pieces);
                }
            } finally {
                cut.cancel(false);
            }
        } catch (IOException | UncheckedIOException e) {
            throw requests.failed("its reply broke off or is not in the protocol", e);
        }
    }

    /** The client's own timeout ends with the headers: a reply that stalls is cut by closing it. */
    private CompletableFuture<Void> closeAfterTimeout(InputStream in) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        in.close();
                    } catch (IOException e) {
                        // The reader sees it too.
                    }
                },
                CompletableFuture.delayedExecutor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
    }

    private HttpResponse<InputStream> send(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.chatCompletions())
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (settings.apiKey() != null) {
            request.header("Authorization", "Bearer " + settings.apiKey());
        }
        return requests.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private void whole(JsonNode reply, Consumer<String> pieces) {
        JsonNode content = reply.path("choices").path(0).path("message").path("content");
        if (!content.isTextual()) {
            throw requests.failed("its reply holds no message", null);
        }
        pieces.accept(content.asText());
    }

    /** A stream is complete with a finish reason or {@code [DONE]}; one that just ends was cut. */
    private void streamed(InputStream in, Consumer<String> pieces) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.startsWith("data:")) {
                continue;
            }
            String event = line.substring("data:".length()).strip();
            if (event.equals("[DONE]")) {
                return;
            }
            JsonNode chunk = Json.read(event.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            if (chunk.has("error")) {
                throw requests.failed("it reported an error within its reply", null);
            }
            JsonNode choice = chunk.path("choices").path(0);
            String piece = choice.path("delta").path("content").asText("");
            if (!piece.isEmpty()) {
                pieces.accept(piece);
            }
            if (choice.hasNonNull("finish_reason")) {
                return;
            }
        }
        throw requests.failed("its reply was cut", null);
    }
}
