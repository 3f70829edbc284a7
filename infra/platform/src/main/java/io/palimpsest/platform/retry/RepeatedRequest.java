package io.palimpsest.platform.retry;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends an HTTP request until it is answered with 200: lost connections, 429 and 5xx are tried again, after what
 * {@code Retry-After} asks (in seconds; the form with a date counts as absent) or the back-off; other answers are final.
 *
 * <p>Threading: safe. Failure: the given code after the last attempt; messages never quote a body, which may quote what
 * was sent.
 *
 * @param attempts at least 1, the first included
 * @param code of the failure
 * @param endpoint what was asked, for the message: such as {@code the chat endpoint}
 */
public record RepeatedRequest(HttpClient client, int attempts, BackOff backOff, ErrorCode code, String endpoint) {
    /** Of status 200. */
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        for (int attempt = 1; ; attempt++) {
            String reason = "it did not answer";
            Duration asked = Duration.ZERO;
            IOException cause = null;
            boolean passing = true;
            try {
                HttpResponse<T> response = client.send(request, body);
                if (response.statusCode() == 200) {
                    return response;
                }
                reason = "it answered " + response.statusCode();
                passing = response.statusCode() == 429 || response.statusCode() >= 500;
                asked = retryAfter(response);
                if (response.body() instanceof InputStream unread) {
                    unread.close();
                }
            } catch (IOException e) {
                cause = e;
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            if (!passing || attempt == attempts) {
                throw failed(reason + " at attempt " + attempt + " of " + attempts, cause);
            }
            BackOff.pause(backOff.after(attempt, asked), this::interrupted);
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(Duration.ZERO);
    }

    private PalimpsestException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return failed("interrupted", e);
    }

    /** Our failure of this endpoint for another reason. */
    public PalimpsestException failed(String why, @Nullable Throwable cause) {
        return new PalimpsestException(code, endpoint + " failed: " + why, cause);
    }
}
