package io.palimpsest.platform.config;

import io.palimpsest.platform.ReferencePage;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

final class ConfigurationReferenceTest {
    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        ReferencePage.check("configuration.md", page());
    }

    private static String page() {
        ConfigDef def = Settings.definition();
        StringBuilder page = new StringBuilder("""
                # Configuration

                Generated from the code; a test compares it.

                Sources, each overriding the ones before it: the defaults, a properties file, the environment
                (`http.port` is `PALIMPSEST_HTTP_PORT`), `--set key=value`. All errors are reported together; an unknown
                key stops the start and names the nearest known one. Secrets print as `***`.
                Durations are ISO-8601 (`P30D`, `PT10M`); lists are comma-separated.
                Keys under `kafka.client.` are passed to every Kafka client as they are.
                """);
        for (String group : def.groups()) {
            page.append("\n## ").append(group).append("\n\n| key | default | valid | meaning |\n|---|---|---|---|\n");
            List<ConfigDef.ConfigKey> keys = def.configKeys().values().stream()
                    .filter(key -> key.group.equals(group))
                    .sorted(Comparator.comparingInt(key -> key.orderInGroup))
                    .toList();
            for (ConfigDef.ConfigKey key : keys) {
                page.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                key.name,
                                fallback(key),
                                ReferencePage.cell(valid(key)),
                                ReferencePage.cell(key.documentation)));
            }
        }
        return page.toString();
    }

    private static String fallback(ConfigDef.ConfigKey key) {
        if (key.type == ConfigDef.Type.PASSWORD || key.defaultValue == null) {
            return "";
        }
        String text = key.defaultValue instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : key.defaultValue.toString();
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static String valid(ConfigDef.ConfigKey key) {
        return switch (key.type) {
            case BOOLEAN -> "true, false";
            case PASSWORD -> "secret";
            case LIST -> "list";
            default -> key.validator == null ? "text" : key.validator.toString();
        };
    }
}
