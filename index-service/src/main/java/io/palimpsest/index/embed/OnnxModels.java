package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.nio.file.Path;

/**
 * Opens the encoder of a folder with ONNX Runtime, in the precision that the model's id names.
 *
 * <p>Failure: {@link ErrorCode#MODEL_UNSUITABLE}, {@link ErrorCode#MODEL_MISSING}.
 */
public final class OnnxModels implements ModelOpener {
    /** In a folder, where it is not the tokenizer of the passages anyway. */
    static final String TOKENIZER = "tokenizer.json";

    private final EmbedderTokenizer tokenizer;
    private final int threads;

    /** @param tokenizer that passages are cut with; stays the caller's to close */
    public OnnxModels(EmbedderTokenizer tokenizer, int threads) {
        this.tokenizer = tokenizer;
        this.threads = threads;
    }

    @Override
    public Embedder open(ModelManifest manifest, Path folder) {
        ContentHash own = manifest.files().get(TOKENIZER);
        if (own != null && !own.equals(tokenizer.hash())) {
            throw unsuitable(manifest, "it has another tokenizer than the one that passages are cut with");
        }
        Precision precision = precision(manifest);
        String file = precision == Precision.FP32 ? ModelManifest.ENCODER : ModelManifest.ENCODER_INT8;
        ContentHash hash = manifest.files().get(file);
        if (hash == null) {
            throw unsuitable(manifest, "it has no " + file);
        }
        OnnxEmbedder embedder = new OnnxEmbedder(
                manifest.id(),
                new OnnxModel(manifest.id().value(), precision, folder.resolve(file), hash),
                tokenizer,
                threads);
        if (embedder.dimensions() != manifest.dimensions()) {
            embedder.close();
            throw unsuitable(manifest, "its vectors have another length than its manifest says");
        }
        return embedder;
    }

    private static Precision precision(ModelManifest manifest) {
        String[] parts = manifest.id().value().split("/", -1);
        for (Precision precision : Precision.values()) {
            if (parts.length == 3 && parts[1].equals(precision.id())) {
                return precision;
            }
        }
        throw unsuitable(manifest, "its id names neither fp32 nor int8");
    }

    private static PalimpsestException unsuitable(ModelManifest manifest, String why) {
        return new PalimpsestException(ErrorCode.MODEL_UNSUITABLE, "model " + manifest.id() + ": " + why);
    }
}
