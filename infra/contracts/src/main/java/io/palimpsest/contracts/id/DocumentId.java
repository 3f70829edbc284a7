package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * Caller-owned, permanent id of a document in its collection, normally a URI; 1 to 2,048 bytes in UTF-8 (an index of
 * PostgreSQL takes no longer keys), no control characters and no half of a surrogate pair.
 */
public record DocumentId(@JsonValue String value) implements Comparable<DocumentId> {
    public static final int MAX_BYTES = 2048;
    private static final int MAX_BYTES_OF_CHAR = 3;

    @JsonCreator
    public DocumentId {
        if (value.isBlank() || !fits(value) || !value.codePoints().allMatch(DocumentId::isAllowed)) {
            throw new IllegalArgumentException("not a valid document id: use 1 to " + MAX_BYTES
                    + " bytes of UTF-8 without control characters, normally a URI");
        }
    }

    /** Whether a text is short enough. */
    public static boolean fits(String text) {
        return text.length() <= MAX_BYTES / MAX_BYTES_OF_CHAR
                || (text.length() <= MAX_BYTES && text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES);
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
