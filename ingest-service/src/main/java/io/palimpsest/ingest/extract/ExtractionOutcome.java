package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;

/** How the extraction of one document ended. */
public sealed interface ExtractionOutcome {
    /** There is text. */
    record Extracted(ExtractedDocument document) implements ExtractionOutcome {}

    /** The document was read and holds no text: an image, a scan, an empty file. Not a success. */
    record Empty(String mediaType, String reason) implements ExtractionOutcome {}

    /**
     * @param message what happened, limit against actual; never document text
     * @param transientFault the machine's fault, not the document's: the same bytes may succeed later
     */
    record Failed(ErrorCode code, String message, boolean transientFault) implements ExtractionOutcome {}
}
