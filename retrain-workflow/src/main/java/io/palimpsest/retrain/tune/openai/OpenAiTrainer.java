package io.palimpsest.retrain.tune.openai;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.SnapshotFolder;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fine-tunes a generator at an OpenAI-compatible endpoint with the snapshot's {@code chat.jsonl}. The model's folder says where it
 * is served and as what. Uploaded files are deleted there when the job has ended.
 *
 * <p>Ordering and idempotency: one job at the endpoint for one job of ours, whatever is repeated or restarted; a later try waits
 * for the same one. The endpoint decides whether the same input gives the same model.
 */
public final class OpenAiTrainer implements Trainer {
    private final FineTuningEndpoint endpoint;
    private final FineTuningApi api;

    /** The client stays the caller's. */
    public OpenAiTrainer(FineTuningEndpoint endpoint, HttpClient client) {
        this.endpoint = endpoint;
        this.api = new FineTuningApi(endpoint, client);
    }

    @Override
    public String name() {
        return "openai-fine-tuning/1";
    }

    /** {@code generator.json}. */
    private record Served(String endpoint, String model, String base) {}

    @Override
    public ModelManifest train(TrainingJob job, TrainingProgress progress, Cancellation cancellation) {
        TrainingFrame frame = TrainingFrame.of(job, name(), List.of(new ModelId(endpoint.model())));
        Path chat = frame.snapshot()
                .file(SnapshotFolder.CHAT)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.SNAPSHOT_UNUSABLE, "the snapshot has no " + SnapshotFolder.CHAT));
        return frame.run((work, model) -> {
            UploadedFiles files = UploadedFiles.in(work, api);
            FineTuningJob running = start(job, chat, frame.snapshot(), files);
            String trained;
            try {
                trained = new JobWatch(api, endpoint, job.config().limits().time(), progress, cancellation)
                        .await(running.id());
            } catch (RuntimeException e) {
                boolean goesOn =
                        e instanceof PalimpsestException known && known.code() == ErrorCode.TUNING_ENDPOINT_FAILED;
                if (!goesOn) {
                    files.delete(); // the job has ended; otherwise a later try waits for it
                }
                throw e;
            }
            files.delete();
            Files.write(
                    model.resolve(ModelManifest.GENERATOR),
                    Json.write(new Served(endpoint.baseUrl().toString(), trained, endpoint.model())));
            new TrainingFrame.Draft(ModelManifest.Kind.GENERATOR, 0, 0).write(model);
        });
    }

    private FineTuningJob start(TrainingJob job, Path chat, SnapshotFolder snapshot, UploadedFiles files)
            throws IOException {
        String key = ContentHash.ofText(job.output() + "\n" + snapshot.hash() + "\n" + Json.writeText(job.config()))
                .value();
        try {
            Optional<FineTuningJob> there = api.find(key);
            if (there.isPresent()) {
                return there.get();
            }
            List<String> ids = new ArrayList<>(List.of(files.idOf(chat)));
            Optional<Path> validation = snapshot.file(SnapshotFolder.CHAT_VALIDATION);
            if (validation.isPresent()) {
                ids.add(files.idOf(validation.get()));
            }
            return api.createOnce(key, newJob(job.config(), key, ids));
        } catch (RefusedCall e) {
            ErrorCode code = e.status() == 413 ? ErrorCode.SNAPSHOT_UNUSABLE : ErrorCode.TRAINER_UNAVAILABLE;
            throw new PalimpsestException(code, e.reason(), e);
        }
    }

    private FineTuningApi.NewJob newJob(TrainingConfig config, String key, List<String> files) {
        Map<String, Object> hyperparameters = new TreeMap<>(Map.of("n_epochs", config.epochs()));
        return new FineTuningApi.NewJob(
                endpoint.model(),
                files.getFirst(),
                files.stream().skip(1).findFirst(),
                config.seed(),
                config.name(),
                Map.of("type", "supervised", "supervised", Map.of("hyperparameters", hyperparameters)),
                Map.of(FineTuningApi.KEY, key));
    }
}
