package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hop 3: how fetching and extraction of one accepted content ended. References point into the content store, under the
 * document's own key.
 *
 * @param version the accepted version whose content this is
 * @param raw SHA-256 of the raw bytes; null when they could not be fetched
 * @param extracted the stored {@link io.palimpsest.contracts.content.ExtractedDocument}; null unless EXTRACTED
 * @param passages the stored {@link io.palimpsest.contracts.content.PassageManifest}; null unless EXTRACTED
 * @param errorCode null unless FAILED
 * @param message why it is EMPTY or FAILED, or which parts EXTRACTED text lacks; null where it lacks none
 * @param deliveries how often the work was delivered, from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentExtracted(
        DocumentKey key,
        long version,
        ChangeId changeId,
        Outcome outcome,
        @Nullable ContentHash raw,
        long rawBytes,
        @Nullable ContentHash extracted,
        @Nullable ContentHash passages,
        int passageCount,
        @Nullable String title,
        @Nullable String mediaType,
        ExtractorFingerprint extractor,
        PassagePolicyId policy,
        @Nullable ErrorCode errorCode,
        @Nullable String message,
        int deliveries,
        Instant startedAt,
        Instant finishedAt) {
    public DocumentExtracted {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(changeId, "changeId");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(extractor, "extractor");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(finishedAt, "finishedAt");
    }

    /** FAILED content is quarantined: the last good content of the document stays. */
    public enum Outcome {
        EXTRACTED,
        /** Parsed, but holds no text (image-only, empty file): a state of its own, not success. */
        EMPTY,
        FAILED
    }
}
