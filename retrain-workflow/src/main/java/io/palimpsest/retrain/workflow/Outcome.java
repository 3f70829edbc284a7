package io.palimpsest.retrain.workflow;

/** How a run ended. Each is a good end but FAILED: the serving model is the best one known. */
public enum Outcome {
    /** The candidate serves. */
    PROMOTED,
    /** It was no better than the serving model on every slice that counts, so it was not promoted. */
    NOT_BETTER,
    /** There was nothing fit to learn from. */
    NOTHING_TO_LEARN,
    /** A person refused it. */
    REJECTED,
    /** Nobody approved it in time. */
    EXPIRED,
    /** The new generation did not pass the gates of the swap. */
    REFUSED_AT_SWAP,
    /** It served, was worse than before, and the one before it serves again. */
    ROLLED_BACK,
    /** The sources and the documents that we have agree, or would after what a dry run told. */
    RECONCILED,
    /** A source lacks suspiciously many documents: nothing of it was changed. */
    DELETES_HELD,
    /** Every store was erased and probed, and there is a certificate. */
    ERASED,
    /** Nothing was erased: a legal hold keeps the document. */
    HELD,
    CANCELLED,
    FAILED
}
