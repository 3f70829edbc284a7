package io.palimpsest.retrain.tune;

import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 of a file that may be larger than the heap. */
public final class FileHash {
    private FileHash() {}

    public static ContentHash of(Path file) throws IOException {
        MessageDigest digest = ContentHash.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return new ContentHash(HexFormat.of().formatHex(digest.digest()));
    }
}
