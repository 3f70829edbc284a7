package io.palimpsest.platform.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The one list of keys, written group by group in Kafka's {@link ConfigDef}. */
final class Definition {
    private final ConfigDef def = new ConfigDef();
    private String group = "";
    private int order;

    ConfigDef def() {
        return def;
    }

    Definition group(String name) {
        group = name;
        order = 0;
        return this;
    }

    Definition text(String key, String fallback, String doc) {
        return add(key, ConfigDef.Type.STRING, fallback, null, doc);
    }

    Definition choice(String key, String fallback, String doc, String... allowed) {
        return add(key, ConfigDef.Type.STRING, fallback, ValidString.in(allowed), doc);
    }

    Definition flag(String key, boolean fallback, String doc) {
        return add(key, ConfigDef.Type.BOOLEAN, fallback, null, doc);
    }

    Definition list(String key, String fallback, String doc) {
        return add(key, ConfigDef.Type.LIST, fallback, null, doc);
    }

    Definition integer(String key, int fallback, int min, int max, String doc) {
        return add(key, ConfigDef.Type.INT, fallback, Range.between(min, max), doc);
    }

    Definition number(String key, long fallback, long min, String doc) {
        return add(key, ConfigDef.Type.LONG, fallback, Range.atLeast(min), doc);
    }

    Definition ratio(String key, double fallback, double min, double max, String doc) {
        return add(key, ConfigDef.Type.DOUBLE, fallback, Range.between(min, max), doc);
    }

    Definition secret(String key, String doc) {
        return add(key, ConfigDef.Type.PASSWORD, new Password(""), null, doc);
    }

    /** ISO-8601, such as {@code P30D} or {@code PT10M}. */
    Definition duration(String key, String fallback, String doc) {
        return add(key, ConfigDef.Type.STRING, fallback, new IsoDuration(), doc);
    }

    private Definition add(String key, ConfigDef.Type type, Object fallback, @Nullable Validator check, String doc) {
        def.define(key, type, fallback, check, Importance.MEDIUM, doc, group, order++, ConfigDef.Width.NONE, key);
        return this;
    }

    private static final class IsoDuration implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            try {
                if (Duration.parse((String) value).isNegative()) {
                    throw new ConfigException(name, value, "must not be negative");
                }
            } catch (DateTimeParseException e) {
                throw new ConfigException(name, value, "must be an ISO-8601 duration such as P30D or PT10M");
            }
        }

        @Override
        public String toString() {
            return "ISO-8601 duration";
        }
    }
}
