package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What happened to a document; the id is the CloudEvents {@code type}. */
public enum ChangeType {
    /** Full state: content and properties. */
    CREATED("io.palimpsest.document.created"),
    /** Full state, as {@link #CREATED}: the two differ for people only. */
    UPDATED("io.palimpsest.document.updated"),
    DELETED("io.palimpsest.document.deleted"),
    /** The document keeps its id; only its location (and title) change. Embeds nothing. */
    MOVED("io.palimpsest.document.moved"),
    /** Only the access list (and labels, sensitivity) change. Embeds nothing. */
    ACCESS_CHANGED("io.palimpsest.document.access-changed");

    private final String id;

    ChangeType(String id) {
        this.id = id;
    }

    @JsonValue
    public String id() {
        return id;
    }

    public boolean carriesContent() {
        return this == CREATED || this == UPDATED;
    }

    public static Optional<ChangeType> of(String id) {
        return Arrays.stream(values()).filter(t -> t.id.equals(id)).findFirst();
    }

    @JsonCreator
    static ChangeType parse(String id) {
        return of(id).orElseThrow(() -> new IllegalArgumentException("unknown change type"));
    }
}
