package io.palimpsest.ingest.quarantine;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a document whose content could not be extracted.
 *
 * @param entry its id: derived from document and version
 * @param rawHash SHA-256 of the bytes; null when they could not be fetched
 * @param hint what to do; null where the code is of another version
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuarantineEntry(
        String entry,
        String collection,
        String document,
        long version,
        String changeId,
        @Nullable String rawHash,
        String extractor,
        String errorCode,
        String message,
        @Nullable String hint,
        int deliveries,
        String lane,
        Instant at) {}
