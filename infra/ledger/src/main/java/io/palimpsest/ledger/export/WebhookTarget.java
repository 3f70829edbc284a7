package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * An address that each checkpoint is posted to, as {@code text/plain}; any 2xx is a receipt. Redirects are not followed: the
 * settings say who is told. The address may hold a secret, so it is in no message.
 */
record WebhookTarget(HttpClient http, URI address) implements ExportTarget {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    static WebhookTarget of(URI address) {
        return new WebhookTarget(
                HttpClient.newBuilder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build(),
                address);
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void take(SignedNote checkpoint) throws IOException, InterruptedException {
        int status;
        try {
            status = http.send(
                            HttpRequest.newBuilder(address)
                                    .timeout(TIMEOUT)
                                    .header("Content-Type", "text/plain; charset=utf-8")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(checkpoint.bytes()))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new IOException("the webhook does not answer: " + e.getClass().getSimpleName());
        }
        if (status < 200 || status > 299) {
            throw new IOException("the webhook answers with " + status);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
