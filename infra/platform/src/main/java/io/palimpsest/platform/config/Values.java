package io.palimpsest.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;

/** Parsed and checked values by key. */
record Values(Map<String, Object> parsed) {
    String text(String key) {
        return ((String) value(key)).strip();
    }

    Optional<String> optional(String key) {
        return Optional.of(text(key)).filter(text -> !text.isEmpty());
    }

    Optional<Path> path(String key) {
        return optional(key).map(Path::of);
    }

    Optional<URI> uri(String key) {
        return optional(key).map(URI::create);
    }

    boolean flag(String key) {
        return (Boolean) value(key);
    }

    int integer(String key) {
        return (Integer) value(key);
    }

    long number(String key) {
        return (Long) value(key);
    }

    double ratio(String key) {
        return (Double) value(key);
    }

    Duration duration(String key) {
        return Duration.parse(text(key));
    }

    Duration millis(String key) {
        return Duration.ofMillis(number(key));
    }

    Secret secret(String key) {
        return new Secret(((Password) value(key)).value());
    }

    List<String> list(String key) {
        return ((List<?>) value(key))
                .stream()
                        .map(item -> item.toString().strip())
                        .filter(item -> !item.isEmpty())
                        .toList();
    }

    Set<String> set(String key) {
        return new LinkedHashSet<>(list(key));
    }

    List<Path> paths(String key) {
        return list(key).stream().map(Path::of).toList();
    }

    private Object value(String key) {
        return Objects.requireNonNull(parsed.get(key), key);
    }
}
