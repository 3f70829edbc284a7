package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.intake.IncomingChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a file of a watched folder into a change. */
final class FolderFile {
    private static final Logger LOG = LoggerFactory.getLogger(FolderFile.class);
    private static final long LARGEST_STORED = 16L << 20; // larger files are referenced, and fetched by the workers

    private FolderFile() {}

    /** @return null where it cannot be read now */
    static @Nullable FileChange read(Path file, String path, long mtime, FolderListing.@Nullable Entry entry) {
        try {
            byte[] bytes = Files.size(file) <= LARGEST_STORED ? Files.readAllBytes(file) : null;
            ContentHash hash = bytes == null ? hash(file) : ContentHash.of(bytes);
            boolean interrupted = entry != null && !entry.published() && hash.equals(entry.hash());
            return new FileChange(
                    path,
                    bytes == null ? Files.size(file) : bytes.length,
                    mtime,
                    hash,
                    bytes == null
                            ? new IncomingChange.Content.At(file.toUri())
                            : new IncomingChange.Content.Inline(bytes),
                    new FileChange.Trace(entry != null, interrupted && entry != null ? entry.sequence() : null));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.FETCH_FAILED.id())
                    .log(
                            "a file of a watched folder cannot be read: {}",
                            e.getClass().getSimpleName());
            return null;
        }
    }

    private static ContentHash hash(Path file) throws IOException {
        MessageDigest digest = ContentHash.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[64 * 1024];
            while (in.read(buffer) >= 0) {
                // The stream digests what passes.
            }
        }
        return new ContentHash(HexFormat.of().formatHex(digest.digest()));
    }
}
