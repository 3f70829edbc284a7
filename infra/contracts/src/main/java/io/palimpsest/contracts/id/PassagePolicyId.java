package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A way of cutting passages: algorithm, version and parameters in one string. */
public record PassagePolicyId(@JsonValue String value) {
    @JsonCreator
    public PassagePolicyId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a PassagePolicyId must not be blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
