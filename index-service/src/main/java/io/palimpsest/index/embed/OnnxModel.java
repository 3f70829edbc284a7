package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * An encoder's ONNX file: inputs {@code input_ids}, {@code attention_mask} and optionally {@code token_type_ids}, each
 * [batch, tokens] of int64; first output the last hidden state, [batch, tokens, dimensions] of float.
 *
 * @param hash SHA-256 of the file
 */
public record OnnxModel(String name, Precision precision, Path file, ContentHash hash) {
    /** A model file of the operator's. */
    public static OnnxModel of(String name, Precision precision, Path file) {
        try {
            return new OnnxModel(name, precision, file, hashOf(file));
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.MODEL_MISSING, "the model file " + file + " is not readable", e);
        }
    }

    /**
     * MiniLM from the class path, unpacked to the directory: a session from a file needs no second copy of it in the heap.
     * A file left there by an earlier start is used if its bytes are the class path's.
     */
    public static OnnxModel miniLm(Precision precision, Path directory) {
        String resource = precision.miniLmResource();
        URL url = OnnxModel.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new PalimpsestException(ErrorCode.MODEL_MISSING, resource + " is not on the class path");
        }
        try {
            Path file = directory.resolve(resource);
            ContentHash hash = hashOf(url);
            if (!Files.isRegularFile(file) || !hashOf(file).equals(hash)) {
                unpack(url, file);
            }
            return new OnnxModel("all-minilm-l6-v2", precision, file, hash);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_MISSING, resource + " could not be unpacked to " + directory, e);
        }
    }

    private static void unpack(URL url, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path partial = Files.createTempFile(directory, "model", ".part");
        try {
            try (InputStream in = url.openStream()) {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            try {
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static ContentHash hashOf(Path file) throws IOException {
        return hashOf(file.toUri().toURL());
    }

    private static ContentHash hashOf(URL url) throws IOException {
        MessageDigest digest = ContentHash.sha256();
        try (InputStream in = new DigestInputStream(url.openStream(), digest)) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // the stream feeds the digest
            }
        }
        return new ContentHash(HexFormat.of().formatHex(digest.digest()));
    }
}
