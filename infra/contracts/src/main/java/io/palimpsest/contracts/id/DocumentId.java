package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Caller-owned, permanent id of a document in its collection, normally a URI; 1 to 2,048 characters, no control characters and no half of a surrogate pair. */
public record DocumentId(@JsonValue String value) implements Comparable<DocumentId> {
    public static final int MAX_LENGTH = 2048;

    @JsonCreator
    public DocumentId {
        if (value.isBlank()
                || value.length() > MAX_LENGTH
                || !value.codePoints().allMatch(DocumentId::isAllowed)) {
            throw new IllegalArgumentException("not a valid document id: use 1 to " + MAX_LENGTH
                    + " whole characters without control characters, normally a URI");
        }
    }

    /** A surrogate that stands alone has no UTF-8 form: two ids would become one. */
    private static boolean isAllowed(int codePoint) {
        return !Character.isISOControl(codePoint)
                && !(codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }

    @Override
    public int compareTo(DocumentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
