package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Tika version and the hash of its configuration: what an extraction depends on beside the bytes. */
public record ExtractorFingerprint(@JsonValue String value) {
    @JsonCreator
    public ExtractorFingerprint {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ExtractorFingerprint must not be blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
