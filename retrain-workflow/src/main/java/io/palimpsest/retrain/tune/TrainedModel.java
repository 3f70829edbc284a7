package io.palimpsest.retrain.tune;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.contracts.model.Safetensors;
import io.palimpsest.retrain.tune.encoder.OnnxFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A model's folder, checked before anybody uses it. Failure: {@code MODEL_BROKEN}. */
public final class TrainedModel {
    private TrainedModel() {}

    /**
     * Reads the manifest and looks at every file: all there, none more, each with its hash; the id is that of the files; the file
     * that its kind needs is among them; adapters and encoders are whole and hold numbers only.
     */
    public static ModelManifest verify(Path folder) {
        try {
            ModelManifest manifest =
                    Json.read(Files.readAllBytes(folder.resolve(ModelManifest.FILE)), ModelManifest.class);
            SortedMap<String, ContentHash> found = hashes(folder);
            if (manifest.files().isEmpty() || !found.equals(manifest.files())) {
                throw broken("its files are not those of its manifest, or not whole", null);
            }
            String digits = ModelManifest.digest(found).value().substring(0, 8);
            if (!manifest.id().value().endsWith("/" + digits)) {
                throw broken("its id is not that of its files", null);
            }
            if (!found.containsKey(neededBy(manifest.kind()))) {
                throw broken("it lacks " + neededBy(manifest.kind()), null);
            }
            if (found.containsKey(ModelManifest.ADAPTER)) {
                requireNumbers(Safetensors.of(Files.readAllBytes(folder.resolve(ModelManifest.ADAPTER))));
            }
            for (String onnx : List.of(ModelManifest.ENCODER, ModelManifest.ENCODER_INT8)) {
                if (found.containsKey(onnx)
                        && !OnnxFile.read(folder.resolve(onnx)).isFinite()) {
                    throw broken(onnx + " holds what is no number", null);
                }
            }
            return manifest;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw broken("its folder is not readable", e);
        }
    }

    /** Every regular file but the manifest, with its hash. */
    public static SortedMap<String, ContentHash> hashes(Path folder) throws IOException {
        SortedMap<String, ContentHash> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (!Files.isRegularFile(file)) {
                    throw broken("it has something other than plain files in it", null);
                }
                if (!name.equals(ModelManifest.FILE)) {
                    hashes.put(name, FileHash.of(file));
                }
            }
        }
        return hashes;
    }

    private static String neededBy(ModelManifest.Kind kind) {
        return switch (kind) {
            case ENCODER -> ModelManifest.ENCODER;
            case QUERY_ADAPTER -> ModelManifest.ADAPTER;
            case GENERATOR -> ModelManifest.GENERATOR;
        };
    }

    private static void requireNumbers(Safetensors adapter) {
        for (Map.Entry<String, Safetensors.Tensor> tensor : adapter.tensors().entrySet()) {
            for (float value : tensor.getValue().values()) {
                if (!Float.isFinite(value)) {
                    throw broken("tensor " + tensor.getKey() + " of its adapter holds what is no number", null);
                }
            }
        }
    }

    private static PalimpsestException broken(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.MODEL_BROKEN, "the model is not usable: " + why, cause);
    }
}
