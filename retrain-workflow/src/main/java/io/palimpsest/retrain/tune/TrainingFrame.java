package io.palimpsest.retrain.tune;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;

/**
 * What all trainers do around the training itself: the job's folders, going on from where an earlier try of the same job stopped,
 * verification, and the move that makes the model appear whole.
 */
public final class TrainingFrame {
    /** Of a model's folder: what its bytes follow from. */
    public static final String RECORD = "training.json";

    private static final String KEY = "job.json";

    private final TrainingJob job;
    private final String trainer;
    private final List<ModelId> base;
    private final SnapshotFolder snapshot;

    /**
     * What the model's bytes follow from.
     *
     * @param base what it was trained from; empty for a program that brings its own
     */
    public record Lineage(String trainer, List<ModelId> base, ContentHash snapshot, TrainingConfig config) {}

    /** Makes the model's files in an empty folder. */
    @FunctionalInterface
    public interface Maker {
        /**
         * @param work keeps its files between tries of the same job
         * @param model is empty
         */
        void make(Path work, Path model) throws IOException;
    }

    private TrainingFrame(TrainingJob job, String trainer, List<ModelId> base, SnapshotFolder snapshot) {
        this.job = job;
        this.trainer = trainer;
        this.base = List.copyOf(base);
        this.snapshot = snapshot;
    }

    /** @throws PalimpsestException {@code SNAPSHOT_UNUSABLE} */
    public static TrainingFrame of(TrainingJob job, String trainer, List<ModelId> base) {
        return new TrainingFrame(job, trainer, base, SnapshotFolder.open(job.snapshot()));
    }

    public SnapshotFolder snapshot() {
        return snapshot;
    }

    /** Answers with the job's model, if it is there already, or makes it. */
    public ModelManifest run(Maker maker) {
        byte[] record = Json.write(new Lineage(trainer, base, snapshot.hash(), job.config()));
        Path model = job.work().resolve("model");
        try {
            if (Files.exists(job.output())) {
                return finished(record);
            }
            prepare(record);
            maker.make(job.work(), model);
            ModelManifest manifest = complete(model, draft(model), record);
            Files.move(model, job.output(), StandardCopyOption.ATOMIC_MOVE);
            FolderTree.delete(job.work());
            return manifest;
        } catch (IOException e) {
            throw failed(e);
        } finally {
            deleteQuietly(model);
        }
    }

    /** Full disk or something else of this machine. */
    public static PalimpsestException failed(IOException e) {
        return isDiskFull(e)
                ? new PalimpsestException(ErrorCode.TRAINING_DISK_FULL, "no space left for the training", e)
                : new PalimpsestException(ErrorCode.TRAINER_FAILED, "the training's files cannot be written", e);
    }

    public static boolean isDiskFull(Throwable e) {
        String message = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return message != null
                && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
    }

    private ModelManifest finished(byte[] record) throws IOException {
        ModelManifest manifest = TrainedModel.verify(job.output());
        Path stored = job.output().resolve(RECORD);
        if (!Files.isRegularFile(stored) || !java.util.Arrays.equals(Files.readAllBytes(stored), record)) {
            throw new PalimpsestException(
                    ErrorCode.TRAINER_FAILED, "the output folder holds the model of another job: " + manifest.id());
        }
        FolderTree.delete(job.work());
        return manifest;
    }

    /** A checkpoint of the same job stays; anything else in its place goes. */
    private void prepare(byte[] record) throws IOException {
        Path key = job.work().resolve(KEY);
        if (!Files.isRegularFile(key) || !java.util.Arrays.equals(Files.readAllBytes(key), record)) {
            FolderTree.delete(job.work());
            Files.createDirectories(job.work());
            Files.write(key, record);
        }
        FolderTree.delete(job.work().resolve("model"));
        Files.createDirectories(job.work().resolve("model"));
    }

    /** What the maker says of its model; a manifest of its own must be true, and is replaced by ours. */
    private static Draft draft(Path model) throws IOException {
        Path own = model.resolve(ModelManifest.FILE);
        Path draft = model.resolve(Draft.FILE);
        if (Files.isRegularFile(draft)) {
            Draft made = read(draft);
            Files.delete(draft);
            Files.deleteIfExists(own);
            return made;
        }
        ModelManifest manifest = TrainedModel.verify(model);
        Files.delete(own);
        return new Draft(manifest.kind(), manifest.dimensions(), manifest.maxTokens());
    }

    private static Draft read(Path draft) throws IOException {
        try {
            return Json.read(Files.readAllBytes(draft), Draft.class);
        } catch (UncheckedIOException e) {
            throw new PalimpsestException(ErrorCode.MODEL_BROKEN, Draft.FILE + " is not what belongs there", e);
        }
    }

    private ModelManifest complete(Path model, Draft made, byte[] record) throws IOException {
        Files.write(model.resolve(RECORD), record);
        SortedMap<String, ContentHash> files = TrainedModel.hashes(model);
        ModelManifest manifest = new ModelManifest(
                ModelManifest.idOf(job.config().name(), precision(made.kind()), files),
                made.kind(),
                base.isEmpty() ? null : base.getFirst(),
                made.dimensions(),
                made.maxTokens(),
                files,
                snapshot.hash(),
                job.config().seed(),
                trainer);
        Files.write(model.resolve(ModelManifest.FILE), Json.write(manifest));
        return TrainedModel.verify(model);
    }

    private static String precision(ModelManifest.Kind kind) {
        return switch (kind) {
            case ENCODER, QUERY_ADAPTER -> "fp32";
            case GENERATOR -> "remote";
        };
    }

    /**
     * What a trainer's process says of its model; the frame makes the manifest of it.
     *
     * @param maxTokens special tokens included
     */
    public record Draft(@JsonProperty(required = true) ModelManifest.Kind kind, int dimensions, int maxTokens) {
        /** In the model's folder, until the manifest takes its place. */
        public static final String FILE = "model.json";

        public void write(Path model) throws IOException {
            Files.write(model.resolve(FILE), Json.write(this));
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            FolderTree.delete(folder);
        } catch (IOException e) {
            // The work folder is nobody's model; the next try deletes it first.
        }
    }
}
