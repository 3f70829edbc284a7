package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.model.MiniLmFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An encoder's ONNX file: inputs {@code input_ids}, {@code attention_mask} and optionally {@code token_type_ids}, each
 * [batch, tokens] of int64; first output the last hidden state, [batch, tokens, dimensions] of float.
 *
 * @param hash SHA-256 of the file
 */
public record OnnxModel(String name, Precision precision, Path file, ContentHash hash) {
    /** A model file of the operator's. */
    public static OnnxModel of(String name, Precision precision, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new OnnxModel(name, precision, file, ContentHash.of(in));
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.MODEL_MISSING, "the model file " + file + " is not readable", e);
        }
    }

    /** MiniLM from the class path, unpacked to the directory: a session from a file needs no second copy of it in the heap. */
    public static OnnxModel miniLm(Precision precision, Path directory) {
        MiniLmFile model = precision.miniLm();
        try {
            return new OnnxModel("all-minilm-l6-v2", precision, model.unpackTo(directory), model.hash());
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_MISSING,
                    "the model could not be unpacked to " + directory + ": " + e.getMessage(),
                    e);
        }
    }
}
