package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.config.NearestName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of the mapping file, read field by field; what is wrong is noted, and something harmless given in its place.
 *
 * @param path of the object, with a dot at its end, or empty
 */
record Fields(String path, JsonNode object, List<String> problems) {
    /** Refuses what is none of these. */
    void only(Set<String> known) {
        if (!object.isObject()) {
            problems.add((path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ") + "must be an object");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(name, "no such field; did you mean " + NearestName.of(name, known) + "?");
            }
        });
    }

    boolean has(String name) {
        return object.has(name);
    }

    JsonNode value(String name) {
        return object.path(name);
    }

    /** Empty text where it is missing or wrong. */
    String required(String name, String what) {
        Optional<String> text = text(name);
        if (text.isEmpty() && !has(name)) {
            problem(name, "is missing: " + what);
        }
        return text.orElse("");
    }

    Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = value(name);
        if (!value.isTextual() || value.textValue().isBlank()) {
            problem(name, "must be a text that is not blank");
            return Optional.empty();
        }
        return Optional.of(value.textValue().strip());
    }

    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (has(name)) {
            if (!value(name).isObject()) {
                problem(name, "must be an object of texts");
            }
            Fields inner = inner(name);
            inner.object()
                    .fieldNames()
                    .forEachRemaining(field -> inner.text(field).ifPresent(text -> texts.put(field, text)));
        }
        return texts;
    }

    Fields inner(String name) {
        return new Fields(path + name + ".", value(name), problems);
    }

    void problem(String name, String what) {
        problems.add(path + name + ": " + what);
    }
}
