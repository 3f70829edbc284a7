package io.palimpsest.ingest.reconcile;

import io.palimpsest.contracts.id.DocumentId;

/** One document on which a source and we disagree. */
public record Difference(DocumentId document, Kind kind) {
    /** How. */
    public enum Kind {
        /** The source has it, we do not. */
        MISSING,
        /** Both have it, with other content. */
        CHANGED,
        /** We have it, the source does not. */
        GONE
    }
}
