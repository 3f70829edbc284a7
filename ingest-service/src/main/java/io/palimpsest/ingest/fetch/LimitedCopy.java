package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.fetch.FetchOutcome.Fetched;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Copies bytes to a file while it hashes them, within the limits of size and time. */
final class LimitedCopy {
    private static final int BUFFER_BYTES = 1 << 16;

    private final long maxBytes;
    private final Deadline deadline;

    LimitedCopy(long maxBytes, Deadline deadline) {
        this.maxBytes = maxBytes;
        this.deadline = deadline;
    }

    /** @param announcedBytes negative where unknown */
    void checkAnnounced(long announcedBytes) throws RefusedException {
        if (announcedBytes > maxBytes) {
            throw tooLarge();
        }
    }

    Fetched copy(InputStream from, Path into, @Nullable String contentType, @Nullable Validators validators)
            throws IOException {
        MessageDigest digest = ContentHash.sha256();
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(into)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                bytes += read;
                if (bytes > maxBytes) {
                    throw tooLarge();
                }
                deadline.check();
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        ContentHash hash = new ContentHash(HexFormat.of().formatHex(digest.digest()));
        return new Fetched(into, bytes, hash, contentType, validators);
    }

    private RefusedException tooLarge() {
        return new RefusedException(ErrorCode.FETCH_TOO_LARGE, "more than " + maxBytes + " bytes");
    }
}
