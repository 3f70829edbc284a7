package io.palimpsest.retrain.tune.encoder;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.model.MiniLmFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The encoder that training starts from: of MiniLM's architecture and tokenizer.
 *
 * @param id of its fp32 form, as manifests name it
 * @param int8 the same quantised; null where there is none, then none is made
 * @param heads of attention; the file does not say
 */
public record EncoderFiles(ModelId id, Path fp32, @Nullable Path int8, int maxTokens, int heads) {
    private static final String NAME = "all-minilm-l6-v2";
    private static final int MINI_LM_TOKENS = 512;
    private static final int MINI_LM_HEADS = 12;

    /** MiniLM from the class path, unpacked to the directory. */
    public static EncoderFiles miniLm(Path directory) {
        try {
            return new EncoderFiles(
                    ModelId.ofEncoder(NAME, "fp32", MiniLmFile.FP32.hash(), MiniLmFile.TOKENIZER.hash()),
                    MiniLmFile.FP32.unpackTo(directory),
                    MiniLmFile.INT8.unpackTo(directory),
                    MINI_LM_TOKENS,
                    MINI_LM_HEADS);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.TRAINER_UNAVAILABLE,
                    "the base model could not be unpacked to " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    /** An encoder that was trained before. */
    public static EncoderFiles of(Path modelFolder) {
        try {
            ModelManifest manifest =
                    Json.read(Files.readAllBytes(modelFolder.resolve(ModelManifest.FILE)), ModelManifest.class);
            if (manifest.kind() != ModelManifest.Kind.ENCODER) {
                throw new PalimpsestException(
                        ErrorCode.TRAINER_UNAVAILABLE, "model " + manifest.id() + " is no encoder to start from");
            }
            Path int8 = modelFolder.resolve(ModelManifest.ENCODER_INT8);
            return new EncoderFiles(
                    manifest.id(),
                    modelFolder.resolve(ModelManifest.ENCODER),
                    Files.isRegularFile(int8) ? int8 : null,
                    manifest.maxTokens(),
                    MINI_LM_HEADS);
        } catch (IOException | UncheckedIOException e) {
            throw new PalimpsestException(
                    ErrorCode.TRAINER_UNAVAILABLE, "the base model in " + modelFolder + " is not readable", e);
        }
    }
}
