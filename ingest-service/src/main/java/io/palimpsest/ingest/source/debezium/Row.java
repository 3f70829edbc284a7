package io.palimpsest.ingest.source.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row's columns, or those of its key.
 *
 * @param values an object
 * @param schema Kafka Connect's of the object; null: it came without
 * @param types of columns without a schema, and of plain whole numbers
 */
record Row(JsonNode values, @Nullable JsonNode schema, Map<String, ColumnType> types) {
    /** What Debezium writes for a large value that the database did not log because it had not changed. */
    private static final String UNAVAILABLE = "__debezium_unavailable_value";

    private static final Set<String> UNAVAILABLE_FORMS = Set.of(
            UNAVAILABLE,
            Base64.getEncoder().encodeToString(UNAVAILABLE.getBytes(UTF_8)),
            HexFormat.of().formatHex(UNAVAILABLE.getBytes(UTF_8)));

    boolean has(String column) {
        return values.has(column);
    }

    List<String> columns() {
        List<String> names = new ArrayList<>();
        values.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The column is there, its value was not sent. */
    boolean isUnavailable(String column) {
        JsonNode value = values.path(column);
        return isPlaceholder(value)
                || (value.isArray() && value.size() == 1 && isPlaceholder(value.path(0)))
                || (value.isObject() && value.size() == 1 && value.has(UNAVAILABLE));
    }

    boolean isNull(String column) {
        return values.path(column).isNull() || values.path(column).isMissingNode();
    }

    JsonNode value(String column) {
        return values.path(column);
    }

    /** Null where the column is NULL, or not there. */
    @Nullable
    String text(String column) {
        if (isNull(column)) {
            return null;
        }
        try {
            return ColumnText.of(values.path(column), type(column));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(
                    ErrorCode.ROW_COLUMN_INVALID, "column " + column + " holds no value of its type", e);
        }
    }

    /** The schema, which a changed table changes, has the say; only what whole numbers count, a mapping may know better. */
    ColumnType type(String column) {
        ColumnType mapped = types.getOrDefault(column, ColumnType.PLAIN);
        if (schema != null) {
            for (JsonNode field : schema.path("fields")) {
                if (field.path("field").asText().equals(column)) {
                    ColumnType said = ColumnType.of(field);
                    boolean isWholeNumber = said.equals(ColumnType.PLAIN)
                            && field.path("type").asText().startsWith("int");
                    return isWholeNumber ? mapped : said;
                }
            }
        }
        return mapped;
    }

    private static boolean isPlaceholder(JsonNode value) {
        return value.isTextual() && UNAVAILABLE_FORMS.contains(value.textValue());
    }

    @Override
    public String toString() {
        return "Row" + columns(); // never content
    }
}
