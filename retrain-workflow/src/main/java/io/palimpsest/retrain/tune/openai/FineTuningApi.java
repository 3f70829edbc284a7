package io.palimpsest.retrain.tune.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The calls of the OpenAI-compatible fine-tuning API.
 *
 * <p>Ordering and idempotency: reads, cancellations and uploads are repeated on 429, 5xx and lost connections. A job is created at
 * most once for a key: before each try the endpoint's jobs are searched for the key, since a lost answer may mean that there is a
 * job already. Failure: {@code TUNING_ENDPOINT_FAILED} when repeating does not help, {@link RefusedCall} when it would not.
 */
final class FineTuningApi {
    /** Of a job's metadata. */
    static final String KEY = "palimpsest_job";

    private static final int PAGE = 100;
    /** Of jobs; older ones are not ours to wait for. */
    private static final int PAGES = 10;

    private final FineTuningEndpoint endpoint;
    private final HttpClient client;

    FineTuningApi(FineTuningEndpoint endpoint, HttpClient client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    private record Uploaded(@JsonProperty(required = true) String id) {}

    private record Jobs(
            List<FineTuningJob> data,
            @JsonProperty("has_more") boolean hasMore) {}

    private record Events(List<FineTuningEvent> data) {}

    /** What is asked for. */
    record NewJob(
            String model,
            @JsonProperty("training_file") String trainingFile,
            @JsonProperty("validation_file") Optional<String> validationFile,
            long seed,
            String suffix,
            Map<String, Object> method,
            Map<String, String> metadata) {}

    /** The file's id at the endpoint. */
    String upload(Path file) {
        String boundary = "palimpsest-" + UUID.randomUUID();
        return repeated(
                        "take the training file",
                        Uploaded.class,
                        () -> request("/files")
                                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                                .POST(form(boundary, file))
                                .build())
                .id();
    }

    void deleteFile(String id) {
        repeated(
                "delete the training file",
                Uploaded.class,
                () -> request("/files/" + id).DELETE().build());
    }

    /** The job of this key that is on its way or done, or a new one. */
    FineTuningJob createOnce(String key, NewJob wanted) {
        byte[] body = Json.write(wanted);
        for (int attempt = 1; ; attempt++) {
            Optional<FineTuningJob> there = find(key);
            if (there.isPresent()) {
                return there.get();
            }
            Answer answer = once(request("/fine_tuning/jobs")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build());
            if (answer.isGood()) {
                return parse(answer, FineTuningJob.class, "start a job");
            }
            giveUpOrPause("start a job", attempt, answer);
        }
    }

    Optional<FineTuningJob> find(String key) {
        String after = "";
        for (int page = 0; page < PAGES; page++) {
            String path = "/fine_tuning/jobs?limit=" + PAGE + after;
            Jobs jobs = repeated("list jobs", Jobs.class, () -> request(path).build());
            for (FineTuningJob job : jobs.data()) {
                if (job.isOf(key) && job.isUseful()) {
                    return Optional.of(job);
                }
            }
            if (!jobs.hasMore() || jobs.data().isEmpty()) {
                return Optional.empty();
            }
            after = "&after=" + jobs.data().getLast().id();
        }
        return Optional.empty();
    }

    FineTuningJob job(String id) {
        return repeated(
                "show a job",
                FineTuningJob.class,
                () -> request("/fine_tuning/jobs/" + id).build());
    }

    /** The newest ones, newest first. */
    List<FineTuningEvent> events(String id) {
        return repeated(
                        "list events",
                        Events.class,
                        () -> request("/fine_tuning/jobs/" + id + "/events?limit=" + PAGE)
                                .build())
                .data();
    }

    FineTuningJob cancel(String id) {
        return repeated(
                "cancel a job",
                FineTuningJob.class,
                () -> request("/fine_tuning/jobs/" + id + "/cancel")
                        .POST(BodyPublishers.noBody())
                        .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.resolve(path)).timeout(endpoint.timeout());
        if (endpoint.key().isPresent()) {
            request.header("Authorization", "Bearer " + endpoint.key().value());
        }
        return request;
    }

    /** Makes a request anew for each attempt. */
    private interface Call {
        HttpRequest request();
    }

    private <T> T repeated(String what, Class<T> type, Call call) {
        for (int attempt = 1; ; attempt++) {
            Answer answer = once(call.request());
            if (answer.isGood()) {
                return parse(answer, type, what);
            }
            giveUpOrPause(what, attempt, answer);
        }
    }

    /**
     * Of one attempt.
     *
     * @param status 0: no answer
     */
    @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
    private record Answer(int status, byte[] body, Duration askedPause) {
        boolean isGood() {
            return status >= 200 && status < 300;
        }

        boolean mayPass() {
            return status == 0 || status == 429 || status == 408 || status >= 500;
        }
    }

    private Answer once(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Duration asked = response.headers()
                    .firstValue("Retry-After")
                    .filter(value -> value.matches("\\d{1,6}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                    .orElse(Duration.ZERO);
            return new Answer(response.statusCode(), response.body(), asked);
        } catch (IOException e) {
            return new Answer(0, new byte[0], Duration.ZERO);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void giveUpOrPause(String what, int attempt, Answer answer) {
        if (!answer.mayPass()) {
            throw new RefusedCall(what, answer.status());
        }
        if (attempt >= endpoint.attempts()) {
            throw failed(
                    "did not " + what + " at attempt " + attempt
                            + (answer.status() == 0 ? ": no answer" : ": status " + answer.status()),
                    null);
        }
        try {
            Thread.sleep(endpoint.backOff().after(attempt, answer.askedPause()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static <T> T parse(Answer answer, Class<T> type, String what) {
        try {
            return Json.read(answer.body(), type);
        } catch (UncheckedIOException e) {
            throw failed("answered something else than expected when asked to " + what, e);
        }
    }

    private static PalimpsestException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PalimpsestException(ErrorCode.TRAINING_CANCELLED, "the training was interrupted", e);
    }

    private static PalimpsestException failed(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.TUNING_ENDPOINT_FAILED, "the fine-tuning endpoint " + why, cause);
    }

    private static BodyPublisher form(String boundary, Path file) {
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--"
                + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + file.getFileName()
                + "\"\r\nContent-Type: application/jsonl\r\n\r\n";
        try {
            return BodyPublishers.concat(
                    BodyPublishers.ofString(head, StandardCharsets.UTF_8),
                    BodyPublishers.ofFile(file),
                    BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
