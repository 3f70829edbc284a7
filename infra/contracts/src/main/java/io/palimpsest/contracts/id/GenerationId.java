package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** One build of a collection's index with one model and one passage policy. */
public record GenerationId(@JsonValue String value) {
    @JsonCreator
    public GenerationId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a GenerationId must not be blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
