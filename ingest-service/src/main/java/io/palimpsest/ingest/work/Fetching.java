package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.PalimpsestException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches referenced content. */
@FunctionalInterface
public interface Fetching {
    /**
     * What the server said beside the bytes.
     *
     * @param contentType null where it said nothing
     */
    record Fetched(@Nullable String contentType, @Nullable String fileName) {}

    /**
     * Writes the content into the file, which is there and empty.
     *
     * @throws PalimpsestException with a code of the 2xx family; RETRY codes are tried again later
     */
    Fetched fetch(URI uri, Path into);
}
