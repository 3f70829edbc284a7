package io.palimpsest.platform.model;

import io.palimpsest.contracts.id.ContentHash;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The files of all-MiniLM-L6-v2, which the class path carries. Which bytes those are is part of a version of Palimpsest, so
 * a file that was unpacked before is compared with its hash, and the jar need not be read again.
 *
 * <p>Threading: safe, across processes too.
 */
public enum MiniLmFile {
    FP32("all-minilm-l6-v2.onnx", "ca46f1a88a9c6e61b918af1ab38be3e7903b986616551f0a6f10a7ecc5730cd4"),
    INT8("all-minilm-l6-v2-q.onnx", "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1"),
    /** Of both models; it cuts and pads to 128 tokens. */
    TOKENIZER("all-minilm-l6-v2-tokenizer.json", "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0");

    private final String resource;
    private final String sha256;

    MiniLmFile(String resource, String sha256) {
        this.resource = resource;
        this.sha256 = sha256;
    }

    public ContentHash hash() {
        return new ContentHash(sha256);
    }

    /** @throws IOException where the class path does not carry it, or with other bytes */
    public byte[] bytes() throws IOException {
        try (InputStream in = resource().openStream()) {
            byte[] bytes = in.readAllBytes();
            require(ContentHash.of(bytes));
            return bytes;
        }
    }

    /**
     * The file in that folder, which is made: what lies there with the right bytes is used, anything else is replaced.
     *
     * @throws IOException where the class path does not carry it, or with other bytes, or it cannot be written
     */
    public Path unpackTo(Path folder) throws IOException {
        Path file = folder.toAbsolutePath().resolve(resource);
        if (!Files.isRegularFile(file) || !hashOf(file).equals(hash())) {
            unpack(file);
        }
        return file;
    }

    private void unpack(Path file) throws IOException {
        Path folder = Files.createDirectories(file.getParent());
        Path partial = Files.createTempFile(folder, "model", ".part");
        try {
            try (InputStream in = resource().openStream()) {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            require(hashOf(partial));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static ContentHash hashOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ContentHash.of(in);
        }
    }

    private URL resource() throws FileNotFoundException {
        URL url = MiniLmFile.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new FileNotFoundException(resource + " is not on the class path");
        }
        return url;
    }

    private void require(ContentHash found) throws IOException {
        if (!found.equals(hash())) {
            throw new IOException(resource + " on the class path has other bytes (SHA-256 " + found
                    + ") than this version of Palimpsest was made for (" + sha256 + ")");
        }
    }
}
