package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a column's JSON means.
 *
 * @param kind of the value
 * @param scale digits after the point of a {@link Kind#DECIMAL}; otherwise 0
 */
record ColumnType(Kind kind, int scale) {
    static final ColumnType PLAIN = new ColumnType(Kind.PLAIN, 0);
    static final String NAMES =
            "date, time, micro-time, nano-time, timestamp, micro-timestamp, nano-timestamp, bytes or decimal(SCALE)";
    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d{1,4})\\)");
    private static final int MAX_SCALE = 20_000; // of PostgreSQL's numeric, rounded up

    /** Kinds of values whose JSON is not what people would read. */
    enum Kind {
        PLAIN,
        BYTES,
        DECIMAL,
        VARIABLE_DECIMAL,
        DAYS,
        TIME_MILLIS,
        TIME_MICROS,
        TIME_NANOS,
        MILLIS,
        MICROS,
        NANOS
    }

    /** As a mapping names it. */
    static Optional<ColumnType> named(String name) {
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            return Optional.of(new ColumnType(Kind.DECIMAL, Integer.parseInt(decimal.group(1))));
        }
        return Optional.ofNullable(
                        switch (name) {
                            case "date" -> Kind.DAYS;
                            case "time" -> Kind.TIME_MILLIS;
                            case "micro-time" -> Kind.TIME_MICROS;
                            case "nano-time" -> Kind.TIME_NANOS;
                            case "timestamp" -> Kind.MILLIS;
                            case "micro-timestamp" -> Kind.MICROS;
                            case "nano-timestamp" -> Kind.NANOS;
                            case "bytes" -> Kind.BYTES;
                            default -> null;
                        })
                .map(kind -> new ColumnType(kind, 0));
    }

    /** @param field of a Kafka Connect schema, as its JSON converter writes it */
    static ColumnType of(JsonNode field) {
        String semantic = field.path("name").asText("");
        Kind kind = switch (semantic) {
            case "org.apache.kafka.connect.data.Decimal" -> Kind.DECIMAL;
            case "io.debezium.data.VariableScaleDecimal" -> Kind.VARIABLE_DECIMAL;
            case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" -> Kind.DAYS;
            case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" -> Kind.TIME_MILLIS;
            case "io.debezium.time.MicroTime" -> Kind.TIME_MICROS;
            case "io.debezium.time.NanoTime" -> Kind.TIME_NANOS;
            case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" -> Kind.MILLIS;
            case "io.debezium.time.MicroTimestamp" -> Kind.MICROS;
            case "io.debezium.time.NanoTimestamp" -> Kind.NANOS;
            default -> field.path("type").asText("").equals("bytes") ? Kind.BYTES : Kind.PLAIN;
        };
        int scale = field.path("parameters").path("scale").asInt(0);
        return new ColumnType(kind, Math.clamp(scale, -MAX_SCALE, MAX_SCALE));
    }
}
