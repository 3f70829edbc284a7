package io.palimpsest.index.lucene;

/**
 * The fields of the three kinds of Lucene documents. A <em>passage</em> has {@link #DOCUMENT}; a <em>record</em> (one
 * per revision, delete marks included) has {@link #RECORD}; an <em>access class</em> has {@link #CLASS_ID}. Columns that
 * change in place (ends of intervals, access) are numeric doc values, so no passage is written twice for them.
 */
final class Fields {
    /** Term, passages and records: unique, the handle for in-place updates; see {@link #uid}. */
    static final String UID = "uid";

    /** Terms: the document id on its passages, and on its records. */
    static final String DOCUMENT = "document";

    static final String RECORD = "record";

    // Columns of passages. Intervals in epoch milliseconds, [from, to), to = Long.MAX_VALUE while live.
    static final String DOCUMENT_ID = "documentId";
    static final String PASSAGE_ID = "passageId";
    static final String BORN = "born";
    static final String VALID_FROM = "validFrom";
    static final String VALID_TO = "validTo";
    static final String LABEL = "label";
    static final String TEXT = "text";
    static final String EXACT = "exact";
    static final String VECTOR = "vector";

    // Columns of records.
    static final String VERSION = "version";
    static final String RECORD_FROM = "recordFrom";
    static final String RECORD_TO = "recordTo";
    static final String DELETED = "deleted";
    static final String REFERENCE = "reference";
    static final String LABELS = "labels";

    /** Passages and records: number of the access class. */
    static final String ACCESS = "access";

    static final String CLASS_ID = "classId";
    static final String CLASS_PRINCIPALS = "classPrincipals";

    static final long LIVE = Long.MAX_VALUE;

    private Fields() {}

    /**
     * @param what the passage id, or empty for the record
     * @param born version of the revision that brought it
     */
    static String uid(String what, long born, String documentId) {
        return what + "@" + born + "/" + documentId;
    }

    /** NUL cannot be mistaken for a part of a key. */
    static String label(String key, String value) {
        return key + '\0' + value;
    }
}
