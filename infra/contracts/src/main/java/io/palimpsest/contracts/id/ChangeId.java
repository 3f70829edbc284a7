package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Idempotency key of a change and the caller's receipt: derived from tenant, source and event id, safe in a URL path. */
public record ChangeId(@JsonValue String value) {
    @JsonCreator
    public ChangeId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ChangeId must not be blank");
        }
    }

    /** The same (tenant, source, event id) always gives the same change id: 32 hex digits. */
    public static ChangeId of(TenantId tenant, String source, String eventId) {
        return new ChangeId(ContentHash.ofText(tenant + "\n" + source + "\n" + eventId)
                .value()
                .substring(0, 32));
    }

    @Override
    public String toString() {
        return value;
    }
}
