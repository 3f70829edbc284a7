package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a piece of work, and the facts that it may end with.
 *
 * @param number from 1
 */
record Attempt(DocumentAccepted work, int number, Instant startedAt, Recipe recipe, Clock clock) {
    private static final KnownExtractions.Known NOTHING = new KnownExtractions.Known(null, null, 0, null, null, false);

    /** What reads and cuts. */
    record Recipe(ExtractorFingerprint extractor, PassagePolicyId policy) {}

    DocumentKey key() {
        return work.key();
    }

    /** @param unread parts that the text lacks; null where it lacks none */
    Ending extracted(Raw raw, KnownExtractions.Known result, @Nullable String unread) {
        return result.extracted() == null
                ? empty(raw, result, "the document holds no text to index")
                : new Ending.Finished(fact(Outcome.EXTRACTED, raw, result, null, unread));
    }

    Ending empty(Raw raw, KnownExtractions.Known result, String reason) {
        return new Ending.Finished(fact(Outcome.EMPTY, raw, result, null, reason));
    }

    /** @param raw null where the bytes never came */
    Ending.Finished failed(@Nullable Raw raw, ErrorCode code, String message) {
        return new Ending.Finished(fact(Outcome.FAILED, raw, NOTHING, code, message));
    }

    private DocumentExtracted fact(
            Outcome outcome,
            @Nullable Raw raw,
            KnownExtractions.Known result,
            @Nullable ErrorCode code,
            @Nullable String message) {
        return new DocumentExtracted(
                work.key(),
                work.version(),
                work.changeId(),
                outcome,
                raw == null ? null : raw.hash(),
                raw == null ? 0 : raw.bytes(),
                result.extracted(),
                result.passages(),
                result.passageCount(),
                result.title(),
                result.mediaType(),
                recipe.extractor(),
                recipe.policy(),
                code,
                message,
                number,
                startedAt,
                clock.instant());
    }
}
