package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Id of a passage within its document: 32 lower-case hex digits, the first 128 bits of SHA-256 over the passage's
 * embedded text (context and text) and its occurrence number among equal ones, so the same text keeps its id across
 * revisions.
 */
public record PassageId(@JsonValue String value) implements Comparable<PassageId> {
    @JsonCreator
    public PassageId {
        if (value.length() != 32) {
            throw new IllegalArgumentException("not a passage id: expected 32 hex digits");
        }
    }

    /** @param occurrence 0 for the first passage with this text in the revision, 1 for the second, ... */
    public static PassageId of(ContentHash textHash, int occurrence) {
        String full = occurrence == 0
                ? textHash.value()
                : ContentHash.ofText(textHash.value() + "#" + occurrence).value();
        return new PassageId(full.substring(0, 32));
    }

    @Override
    public int compareTo(PassageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
