package io.palimpsest.ingest.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.Position;
import org.jspecify.annotations.Nullable;

/**
 * A last-writer-wins register: the value that the change at a position gave. Two values at one position (a fault of the
 * source) are ordered by their JSON, so that every arrival order ends with the same one.
 *
 * @param value null: set to "nothing" by a full change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Register<T>(Position at, @Nullable T value) {

    /** The later of two; commutative, associative, idempotent. Null: never set. */
    static <T> @Nullable Register<T> later(@Nullable Register<T> a, @Nullable Register<T> b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        int order = a.at.compareTo(b.at);
        if (order == 0 && !a.equals(b)) {
            order = text(a.value).compareTo(text(b.value));
        }
        return order >= 0 ? a : b;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : Json.writeText(value);
    }
}
