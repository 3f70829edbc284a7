package io.palimpsest.ingest.work;

import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Extracts the text of a file. Threading: safe. Failure: an outcome, never an exception. */
public interface Extracting {
    ExtractorFingerprint fingerprint();

    ExtractionOutcome extract(Path file, @Nullable String contentType, @Nullable String fileName);
}
