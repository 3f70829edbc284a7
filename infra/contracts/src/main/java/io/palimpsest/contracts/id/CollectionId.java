package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A collection within a tenant; same alphabet as {@link TenantId}. */
public record CollectionId(@JsonValue String value) implements Comparable<CollectionId> {
    @JsonCreator
    public CollectionId {
        Names.require("collection", value);
    }

    @Override
    public int compareTo(CollectionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
