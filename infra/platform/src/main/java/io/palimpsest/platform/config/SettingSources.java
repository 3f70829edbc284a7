package io.palimpsest.platform.config;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Where settings come from; each source overrides the ones before it: properties file, environment, assignments. */
public final class SettingSources {
    private static final String PREFIX = "PALIMPSEST_";
    /** Read by the launcher and the command line, not settings. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "PALIMPSEST_BUILD",
            "PALIMPSEST_CA",
            "PALIMPSEST_HEAP",
            "PALIMPSEST_HOME",
            "PALIMPSEST_JAVA_HOME",
            "PALIMPSEST_JAVA_OPTS",
            "PALIMPSEST_KEY",
            "PALIMPSEST_URL");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** A Java properties file, UTF-8. */
    public SettingSources file(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "the properties file " + file + " cannot be read", e);
        }
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return this;
    }

    /** {@code PALIMPSEST_HTTP_PORT} is {@code http.port}. */
    public SettingSources environment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !NOT_SETTINGS.contains(name)) {
                values.put(
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return this;
    }

    /** {@code key=value} each. */
    public SettingSources assignments(List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "a setting is given as key=value");
            }
            values.put(
                    assignment.substring(0, equals).strip(),
                    assignment.substring(equals + 1).strip());
        }
        return this;
    }

    public SettingSources set(String key, String value) {
        values.put(key, value);
        return this;
    }

    public Settings load() {
        return Settings.load(values);
    }
}
