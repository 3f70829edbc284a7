package io.palimpsest.ingest.work;

import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Extracts the text of a file. Threading: safe. Failure: an outcome, never an exception. */
public interface Extracting {
    ExtractorFingerprint fingerprint();

    ExtractionOutcome extract(Path file, @Nullable String contentType, @Nullable String fileName);

    /**
     * As {@link #extract} for what is read without a file; empty for all else.
     *
     * @param bytes how many there are
     * @param content asked at most once
     */
    default Optional<ExtractionOutcome> extractInMemory(
            long bytes, Supplier<byte[]> content, @Nullable String contentType, @Nullable String fileName) {
        return Optional.empty();
    }
}
