package io.palimpsest.retrain.tune;

import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** SHA-256 of a file that may be larger than the heap. */
public final class FileHash {
    private FileHash() {}

    public static ContentHash of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ContentHash.of(in);
        }
    }
}
