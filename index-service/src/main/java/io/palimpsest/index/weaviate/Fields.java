package io.palimpsest.index.weaviate;

/** The properties of the objects in Weaviate. Times in epoch milliseconds; numbers travel as doubles, so below 2^53. */
final class Fields {
    /** Revisions and passages: the document id, UTF-8 in hex; so equality and order are those of the bytes. */
    static final String DOCUMENT = "document";

    // Passages.
    static final String PASSAGE = "passage";
    /** Birth of the revision that brought it. */
    static final String BORN = "born";

    static final String VALID_FROM = "validFrom";
    static final String VALID_TO = "validTo";
    static final String ACCESS = "access";
    static final String LABELS = "labels";
    /** Stems in alphabetical order: what BM25 ranks, and not the text. */
    static final String STEMS = "stems";
    /** Distinct words as written; in the vocabulary one text, a word a line. */
    static final String WORDS = "words";

    // Revisions.
    static final String UNTIL = "until";
    static final String ALIVE = "alive";
    static final String PASSAGES = "passages";
    static final String WRITER = "writer";
    /** Also of the pages of the vocabulary. */
    static final String BATCH = "batch";

    static final String STATE = "state";

    /** Commits, which are kept beside the revisions: the last batch of a writer that is visible. */
    static final String COMMITTED = "committed";

    // The catalog.
    static final String KIND = "kind";
    static final String NAME = "name";
    static final String BODY = "body";

    /** End of what has not ended. */
    static final long LIVE = 9_000_000_000_000_000L;

    /** Element of lists that would be empty otherwise, which the server does not keep apart from absent ones. */
    static final String NOTHING = ".";

    private Fields() {}

    static String principal(String name) {
        return "=" + name;
    }

    /** The length keeps {@code a:b=c} apart from {@code a=b:c}. */
    static String label(String key, String value) {
        return key.length() + ":" + key + "=" + value;
    }
}
