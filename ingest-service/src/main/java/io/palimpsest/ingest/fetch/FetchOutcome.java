package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ContentHash;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How a fetch ended. */
public sealed interface FetchOutcome {
    /**
     * @param file where the bytes are now; the caller's to delete
     * @param contentType as the server declared it, parameters included
     */
    record Fetched(
            Path file,
            long bytes,
            ContentHash hash,
            @Nullable String contentType,
            @Nullable Validators validators) implements FetchOutcome {}

    /** The server says that nothing changed since the validators were given. */
    record NotModified() implements FetchOutcome {}

    /** @param message names the host or the limit, never the whole reference: it may hold a secret */
    record FetchFailed(ErrorCode code, String message) implements FetchOutcome {}
}
