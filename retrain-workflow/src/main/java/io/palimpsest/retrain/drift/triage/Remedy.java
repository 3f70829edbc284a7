package io.palimpsest.retrain.drift.triage;

/** What can be done. */
public enum Remedy {
    /** Knowledge changed: stale or failed documents are brought into the index. */
    REINDEX,
    /** The answer is in no document: the content owners are asked. */
    KNOWLEDGE_GAP,
    /** The answer is there and is not found. */
    TUNE_RETRIEVER,
    /** The answer is found and stands too low. */
    TUNE_RERANKER,
    /** The answer stands high and what is said of it is wrong. */
    TUNE_GENERATOR,
    /** Nobody is worse off, or nobody knows. */
    NOTHING;

    public boolean trains() {
        return switch (this) {
            case TUNE_RETRIEVER, TUNE_RERANKER, TUNE_GENERATOR -> true;
            case REINDEX, KNOWLEDGE_GAP, NOTHING -> false;
        };
    }
}
