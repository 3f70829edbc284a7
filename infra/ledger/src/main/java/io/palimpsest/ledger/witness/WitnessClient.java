package io.palimpsest.ledger.witness;

import io.palimpsest.ledger.witness.WitnessOutcome.Unreachable;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one witness to cosign, by {@code POST <prefix>/add-checkpoint} of C2SP tlog-witness.
 *
 * <p>Threading: safe. Failure: is an outcome; redirects are not followed.
 */
public final class WitnessClient {
    private static final int MAX_ANSWER = 64 * 1024;

    private final WitnessEndpoint witness;
    private final HttpClient http;
    private final Duration limit;
    private final WitnessAnswers answers;

    /**
     * @param http with its limit for connecting
     * @param limit for all of a request, from its first byte to the last of its answer
     */
    public WitnessClient(WitnessEndpoint witness, HttpClient http, Duration limit, Clock clock) {
        this.witness = witness;
        this.http = http;
        this.limit = limit;
        this.answers = new WitnessAnswers(witness.key(), clock);
    }

    /** One that {@link WitnessClient} can be made with. */
    public static HttpClient http(Duration connectLimit) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectLimit)
                .build();
    }

    public WitnessEndpoint witness() {
        return witness;
    }

    public WitnessOutcome ask(AddCheckpoint request) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                HttpRequest.newBuilder(witness.addCheckpoint())
                        .timeout(limit)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.bytes()))
                        .build(),
                head -> new BoundedBody(MAX_ANSWER));
        try {
            // The limit of the request itself ends with the headers of the answer.
            return answers.outcome(request.note(), answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new Unreachable("no whole answer within " + limit);
        } catch (ExecutionException e) {
            return new Unreachable(String.valueOf(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }
}
