package io.palimpsest.index.search;

/** Something about a request that its sender should know. */
public record Note(Kind kind, String message) {
    /** What a note is about. */
    public enum Kind {
        /** A word that the index does not know was replaced; what was asked was searched too. */
        SPELLING,
        /** An acronym was searched by its long form too. */
        ACRONYM,
        /** The generator put the query in other words. */
        REWRITTEN,
        /** The reranker did not answer; hits are in fused order. */
        RERANKER_FAILED,
        /** A rerank was asked for, and no reranker is configured. */
        RERANKER_ABSENT,
        /** More candidates had to be dropped than could be fetched: there may be fewer hits than exist. */
        TRUNCATED
    }
}
