package io.palimpsest.ledger.log;

/** The part of the evidence in which an auditor finds that something was changed. */
enum Finding {
    NOTHING,
    /** The newest checkpoint is none of this log. */
    CHECKPOINT,
    /** Tiles and entries are not those of the newest checkpoint. */
    FILES,
    /** The log is not the continuation of what was seen before. */
    HISTORY,
    /** An entry or a proof that somebody holds is not of this log. */
    PROOF
}
