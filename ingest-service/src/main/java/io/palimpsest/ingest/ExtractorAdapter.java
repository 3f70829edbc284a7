package io.palimpsest.ingest;

import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import io.palimpsest.ingest.extract.ForkedExtractor;
import io.palimpsest.ingest.work.Extracting;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The forked extractor as the workers want it. */
record ExtractorAdapter(ForkedExtractor extractor) implements Extracting {
    @Override
    public ExtractorFingerprint fingerprint() {
        return extractor.fingerprint();
    }

    @Override
    public ExtractionOutcome extract(Path file, @Nullable String contentType, @Nullable String fileName) {
        return extractor.extract(file, contentType, fileName);
    }

    @Override
    public Optional<ExtractionOutcome> extractInMemory(
            long bytes, Supplier<byte[]> content, @Nullable String contentType, @Nullable String fileName) {
        return extractor.extractInMemory(bytes, content, contentType, fileName);
    }
}
