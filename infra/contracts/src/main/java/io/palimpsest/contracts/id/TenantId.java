package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A tenant: lower-case letters, digits, {@code -} and {@code _}, 1 to 63 characters, starting with a letter or digit. */
public record TenantId(@JsonValue String value) implements Comparable<TenantId> {
    @JsonCreator
    public TenantId {
        Names.require("tenant", value);
    }

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
