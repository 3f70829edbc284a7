package io.palimpsest.ingest.revise;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Extraction results of accepted content, as an extractor would give them: the same content, the same hashes. */
public final class Extractions {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private Extractions() {}

    public static DocumentExtracted good(DocumentAccepted accepted) {
        return of(accepted, Outcome.EXTRACTED, 1);
    }

    /** @param delivery later deliveries finish later */
    public static DocumentExtracted of(DocumentAccepted accepted, Outcome outcome, int delivery) {
        ContentHash raw = raw(accepted);
        boolean extracted = outcome == Outcome.EXTRACTED;
        @Nullable ErrorCode error = outcome == Outcome.FAILED ? ErrorCode.EXTRACT_CORRUPT : null;
        return new DocumentExtracted(
                accepted.key(),
                accepted.contentVersion(),
                accepted.changeId(),
                outcome,
                raw,
                10,
                extracted ? extracted(raw) : null,
                extracted ? ContentHash.ofText("passages of " + raw) : null,
                extracted ? 3 : 0,
                extracted ? "title of " + raw : null,
                "text/plain",
                new ExtractorFingerprint("tika-test"),
                new PassagePolicyId("policy-test"),
                error,
                null,
                delivery,
                START,
                START.plusSeconds(delivery));
    }

    public static ContentHash extracted(ContentHash raw) {
        return ContentHash.ofText("extracted of " + raw);
    }

    public static ContentHash raw(DocumentAccepted accepted) {
        return ContentHash.ofText(String.valueOf(accepted.content()));
    }
}
