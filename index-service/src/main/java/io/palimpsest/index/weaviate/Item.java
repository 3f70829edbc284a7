package io.palimpsest.index.weaviate;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object of the server.
 *
 * @param vector float[dimensions]; null = has none, or was not asked for
 * @param score of the leg that found it; 0 where none did
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Item(String id, Map<String, Object> properties, float @Nullable [] vector, double score) {

    String text(String property) {
        return (String) value(property);
    }

    long number(String property) {
        return ((Number) value(property)).longValue();
    }

    List<String> texts(String property) {
        return switch (value(property)) {
            case Collection<?> many -> many.stream().map(Object::toString).toList();
            case Object[] many -> List.of(many).stream().map(Object::toString).toList();
            default -> throw new IllegalStateException(property + " is not a list");
        };
    }

    private Object value(String property) {
        return Objects.requireNonNull(properties.get(property), property);
    }

    Item with(String property, Object value) {
        Map<String, Object> changed = new HashMap<>(properties);
        changed.put(property, value);
        return new Item(id, changed, vector, score);
    }
}
