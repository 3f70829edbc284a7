package io.palimpsest.index.generation;

/**
 * What a generation had to show before it may go live, and whether it did.
 *
 * @param detail counts and ids of generations, nothing of documents
 */
public record Gate(Name name, boolean passed, String detail) {
    /** What is asked of it. */
    public enum Name {
        /** It has all that was current when it was made, and gets all changes. */
        BUILT,
        /** It has as many documents and passages as the live one. */
        COUNTS,
        /** Each document has the revision and the passages that the live one has. */
        DIGESTS,
        /** No deleted document is found in it. */
        DELETED_HIDDEN,
        /** No document is found by those who may not see it. */
        RESTRICTED_HIDDEN
    }
}
