package io.palimpsest.ingest.source;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.intake.IncomingChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a file of a watched folder into a change. */
final class FolderFile {
    private static final long LARGEST_STORED = 16L << 20; // larger files are streamed into the store

    private FolderFile() {}

    /** @throws IOException where it cannot be read now; a link that took its place cannot */
    static FileChange read(Path file, String path, long mtime, FolderListing.@Nullable Entry entry) throws IOException {
        long size = Files.size(file);
        byte[] bytes = null;
        if (size <= LARGEST_STORED) {
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                bytes = in.readAllBytes();
            }
        }
        ContentHash hash = bytes == null ? hash(file) : ContentHash.of(bytes);
        boolean interrupted = entry != null && !entry.published() && hash.equals(entry.hash());
        return new FileChange(
                path,
                bytes == null ? size : bytes.length,
                mtime,
                hash,
                bytes == null ? new IncomingChange.Content.Local(file) : new IncomingChange.Content.Inline(bytes),
                new FileChange.Trace(entry != null, interrupted && entry != null ? entry.sequence() : null));
    }

    private static ContentHash hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return ContentHash.of(in);
        }
    }
}
