package io.palimpsest.ingest.timeline;

/** Where a change stands: the first four are in flight, the rest are ends. */
public enum ChangeState {
    /** Taken by the intake, not yet through the gate. */
    RECEIVED,
    /** Through the gate; waits for extraction, or for its revision where there is nothing to extract. */
    ACCEPTED,
    /** Extracted; waits for its revision. */
    EXTRACTED,
    /** In a revision; waits for the index. */
    REVISED,
    /** Searches see it. */
    INDEXED,
    /** A newer change of the document was indexed before this one. */
    SUPERSEDED,
    DELETED,
    /** Its content could not be extracted; the reason is beside it. */
    QUARANTINED,
    /** Indexed, but its content holds no text. */
    EMPTY,
    /** A newer change of the document was accepted before this one arrived. */
    STALE,
    DEAD_LETTERED;

    public boolean inFlight() {
        return switch (this) {
            case RECEIVED, ACCEPTED, EXTRACTED, REVISED -> true;
            case INDEXED, SUPERSEDED, DELETED, QUARANTINED, EMPTY, STALE, DEAD_LETTERED -> false;
        };
    }
}
