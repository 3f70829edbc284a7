package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Content-addressed id of a model: name, precision and the first hex digits of the SHA-256 of its files, such as {@code all-minilm-l6-v2/fp32/1a2b3c4d}. */
public record ModelId(@JsonValue String value) {
    @JsonCreator
    public ModelId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ModelId must not be blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
