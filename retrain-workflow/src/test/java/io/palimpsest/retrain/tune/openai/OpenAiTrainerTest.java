package io.palimpsest.retrain.tune.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TrainedModel;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.TrainingUse;
import io.palimpsest.retrain.tune.openai.FineTuningStub.Fault;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenAiTrainerTest {
    private static final String CREATE = "POST /fine_tuning/jobs";
    private static final String LOOK = "GET /fine_tuning/jobs/*";
    private static final String CANCEL = "POST /fine_tuning/jobs/*/cancel";
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"PRIVATE TEXT\"}]}\n";

    @TempDir
    Path folder = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();
    private FineTuningStub stub = stub();

    private static FineTuningStub stub() {
        try {
            return new FineTuningStub();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void writeSnapshot() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
        Files.writeString(snapshot.resolve("chat.jsonl"), CHAT);
        ContentHash hash = ContentHash.ofText(CHAT);
        Files.write(
                snapshot.resolve("snapshot.json"),
                Json.write(Map.of("hash", hash, "files", Map.of("chat.jsonl", hash))));
    }

    @AfterEach
    void close() {
        stub.close();
        client.close();
    }

    private OpenAiTrainer trainer() {
        return trainer(FineTuningStub.KEY);
    }

    private OpenAiTrainer trainer(String key) {
        return new OpenAiTrainer(
                new FineTuningEndpoint(
                        stub.baseUrl(),
                        new Secret(key),
                        "base-model",
                        Duration.ofMillis(10),
                        3,
                        new BackOff(Duration.ofMillis(5), Duration.ofSeconds(2)),
                        Duration.ofSeconds(10)),
                client);
    }

    private TrainingJob job() {
        return new TrainingJob(folder.resolve("snapshot"), folder.resolve("model"), TrainingConfig.lora("answers", 7));
    }

    private ModelManifest train() {
        return trainer().train(job(), TrainingProgress.none(), Cancellation.never());
    }

    private void assertFails(ErrorCode code) {
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(this::train)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageNotContaining("PRIVATE")
                .withMessageNotContaining(FineTuningStub.KEY);
        assertThat(job().output()).doesNotExist();
    }

    @Test
    void tokensThatWereTrainedOnAreTold() {
        List<TrainingUse> uses = new ArrayList<>();
        TrainingProgress progress = new TrainingProgress() {
            @Override
            public void report(TrainingReport report) {}

            @Override
            public void used(TrainingUse all) {
                uses.add(all);
            }
        };
        trainer().train(job(), progress, Cancellation.never());
        assertThat(uses).extracting(TrainingUse::tokens).containsExactly(4_321L);
    }

    @Test
    void jobIsUploadedCreatedAwaitedAndItsModelNamed() throws IOException {
        List<TrainingReport> reports = new ArrayList<>();
        ModelManifest manifest = trainer().train(job(), reports::add, Cancellation.never());
        assertThat(manifest.kind()).isEqualTo(ModelManifest.Kind.GENERATOR);
        assertThat(TrainedModel.verify(job().output())).isEqualTo(manifest);
        assertThat(Files.readString(job().output().resolve("generator.json")))
                .contains("\"ft:base-model:answers\"")
                .contains(stub.baseUrl().toString());
        assertThat(reports.stream().filter(report -> report.loss() != null))
                .extracting(TrainingReport::step)
                .containsExactly(1, 2, 3);
        assertThat(stub.jobs()).singleElement().satisfies(job -> {
            assertThat(job.path("seed").asInt()).isEqualTo(7);
            assertThat(job.path("model").asText()).isEqualTo("base-model");
        });
    }

    @Test
    void uploadedFilesAreDeletedAtTheEnd() {
        stub.runForEver();
        AtomicBoolean seen = new AtomicBoolean();
        assertThatThrownBy(() -> trainer()
                        .train(
                                job(),
                                report -> {
                                    assertThat(stub.files()).hasSize(1);
                                    assertThat(stub.files().values().iterator().next())
                                            .contains(CHAT.strip());
                                    seen.set(true);
                                },
                                Cancellation.by(seen)))
                .isInstanceOf(PalimpsestException.class);
        assertThat(stub.files()).isEmpty();
    }

    @Test
    void tooManyRequestsWaitsAsLongAsAsked() {
        stub.next(CREATE, new Fault(429, 1, false));
        long start = System.nanoTime();
        train();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(stub.jobs()).hasSize(1);
    }

    @Test
    void serverErrorsOfEveryCallAreWaitedOut() {
        for (String call : List.of("POST /files", CREATE, LOOK, "GET /fine_tuning/jobs", LOOK + "/events")) {
            stub.next(call, Fault.status(500), Fault.status(503));
        }
        assertThat(train().kind()).isEqualTo(ModelManifest.Kind.GENERATOR);
        assertThat(stub.jobs()).hasSize(1);
    }

    @Test
    void jobWhoseAnswerWasLostIsNotStartedTwice() {
        stub.next(CREATE, Fault.lostAnswer());
        train();
        assertThat(stub.jobs()).hasSize(1);
        assertThat(stub.count(CREATE)).isEqualTo(1);
    }

    @Test
    void outageEndsInItsCodeAndTheNextTryGoesOnWithTheSameJob() {
        stub.next(LOOK, Fault.status(503), Fault.status(503), Fault.status(503));
        assertFails(ErrorCode.TUNING_ENDPOINT_FAILED);
        train();
        assertThat(stub.jobs()).hasSize(1);
        assertThat(stub.count("POST /files")).isEqualTo(1);
    }

    @Test
    void failedJobIsAFailureWithoutItsMessage() {
        stub.failWith("server_error");
        assertFails(ErrorCode.TRAINER_FAILED);
    }

    @Test
    void refusedTrainingFileIsTheSnapshotsFault() {
        stub.failWith("invalid_training_file");
        assertFails(ErrorCode.SNAPSHOT_UNUSABLE);
    }

    @Test
    void failedJobIsNotTakenUpAgain() {
        stub.failWith("server_error");
        assertFails(ErrorCode.TRAINER_FAILED);
        stub.failWith("");
        train();
        assertThat(stub.jobs()).hasSize(2);
    }

    @Test
    void vanishedJobStops() {
        stub.next(LOOK, Fault.status(404));
        assertFails(ErrorCode.TRAINER_UNAVAILABLE);
    }

    @Test
    void wrongKeyStops() {
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(() -> trainer("wrong").train(job(), TrainingProgress.none(), Cancellation.never()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINER_UNAVAILABLE));
    }

    @Test
    void cancellationCancelsTheJob() {
        stub.runForEver();
        AtomicBoolean cancelled = new AtomicBoolean();
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(() -> trainer().train(job(), report -> cancelled.set(true), Cancellation.by(cancelled)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_CANCELLED));
        assertThat(stub.count(CANCEL)).isEqualTo(1);
        assertThat(stub.jobs().getFirst().path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void listenerThatThrowsCancelsTheJob() {
        stub.runForEver();
        assertThatThrownBy(() -> trainer()
                        .train(
                                job(),
                                report -> {
                                    throw new IllegalStateException("nobody listens any more");
                                },
                                Cancellation.never()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(stub.count(CANCEL)).isEqualTo(1);
    }

    @Test
    void jobThatTakesTooLongIsCancelled() {
        stub.runForEver();
        TrainingJob limited = new TrainingJob(
                job().snapshot(),
                job().output(),
                job().config().withLimits(TrainingLimits.standard().withTime(Duration.ofMillis(200))));
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(() -> trainer().train(limited, TrainingProgress.none(), Cancellation.never()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_TOO_LONG));
        assertThat(stub.count(CANCEL)).isEqualTo(1);
    }

    @Test
    void lossThatIsNoNumberCancelsTheJob() {
        stub.runForEver();
        stub.loss("\"NaN\"");
        assertFails(ErrorCode.TRAINING_DIVERGED);
        assertThat(stub.count(CANCEL)).isEqualTo(1);
    }

    @Test
    void successWithoutModelIsABrokenModel() {
        stub.nameNoModel();
        assertFails(ErrorCode.MODEL_BROKEN);
    }

    @Test
    void finishedJobAnswersAgainWithoutTheEndpoint() {
        ModelManifest first = train();
        stub.forgetJobs();
        assertThat(train()).isEqualTo(first);
        assertThat(stub.jobs()).isEmpty();
    }
}
