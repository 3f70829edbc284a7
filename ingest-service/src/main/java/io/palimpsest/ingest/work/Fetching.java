package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.fetch.Validators;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches referenced content. */
@FunctionalInterface
public interface Fetching {
    /** How the server answered. */
    sealed interface Answer {}

    /**
     * The content came.
     *
     * @param contentType null where the server said nothing
     * @param validators null where it gave none
     */
    record Fetched(@Nullable String contentType, @Nullable Validators validators) implements Answer {}

    /** It is what it was when the validators were given. */
    record NotModified() implements Answer {}

    /**
     * Writes the content into the file, which is there and empty.
     *
     * @param previous of the last fetch, to ask whether the content changed; null fetches in any case
     * @throws PalimpsestException with a code of the 2xx family; RETRY codes are tried again later
     */
    Answer fetch(URI uri, @Nullable Validators previous, Path into);
}
