package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Caller-owned, permanent id of a document in its collection, normally a URI; 1 to 2,048 characters, no control characters. */
public record DocumentId(@JsonValue String value) implements Comparable<DocumentId> {
    public static final int MAX_LENGTH = 2048;

    @JsonCreator
    public DocumentId {
        if (value.isBlank() || value.length() > MAX_LENGTH || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not a valid document id: use 1 to " + MAX_LENGTH
                    + " characters without control characters, normally a URI");
        }
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
