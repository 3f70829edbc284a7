package io.palimpsest.ingest.source.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonCloudEventData;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns get other types and names, and the table another key, while its rows are documents. Columns that come and go: RowChangesTest. */
final class ChangedTableTest {
    private static final String ROW = Events.row("\"Some text\"");

    @Test
    void aKeyOfAnotherTypeNamesTheSameDocument() {
        String seven = Base64.getEncoder().encodeToString(new byte[] {7});
        for (String key : List.of(
                Events.KEY,
                "{\"id\":\"7\"}",
                Events.keyWithSchema(field("int64", "id"), Events.KEY),
                Events.keyWithSchema(field("string", "id"), "{\"id\":\"7\"}"),
                Events.keyWithSchema(decimal("id", 0), "{\"id\":\"" + seven + "\"}"))) {
            assertThat(one(Events.MAPPING, key, envelope(ROW)).getSubject()).isEqualTo("db://articles/7");
        }
    }

    @Test
    void anotherScaleIsReadAsTheSchemaSaysWhateverTheMappingSaid() {
        TableMapping mapping =
                Events.mapping(TableMapping.Format.ENVELOPE, "body", Map.of("language", named("decimal(2)")));
        assertThat(label(mapping, decimal("language", 2), quoted("1.50"))).isEqualTo("1.50");
        assertThat(label(mapping, decimal("language", 3), quoted("1.500"))).isEqualTo("1.500");
        assertThat(label(mapping, field("string", "language"), "\"1250\"")).isEqualTo("1250");
        assertThat(label(mapping, field("double", "language"), "1.5")).isEqualTo("1.5");
    }

    @Test
    void whatWholeNumbersCountTheMappingSaysBesideASchemaToo() {
        TableMapping mapping = Events.mapping(TableMapping.Format.ENVELOPE, "body", Map.of("language", named("date")));
        assertThat(label(mapping, field("int32", "language"), "1")).isEqualTo("1970-01-02");
        assertThat(label(mapping, field("string", "language"), "\"1970-01-02\""))
                .isEqualTo("1970-01-02");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1970-01-02\"", "1.5", "true", "{\"day\":1}", "[1]"})
    void withoutASchemaAColumnThatIsNotOfItsMappedTypeAnyMoreIsSetAsideByName(String value) {
        for (TableMapping.Format format : TableMapping.Format.values()) {
            TableMapping mapping = Events.mapping(format, "body", Map.of("language", named("date")));
            refused(
                    mapping,
                    Events.KEY,
                    inFormat(format, ROW.replace("\"en\"", value)),
                    ErrorCode.ROW_COLUMN_INVALID,
                    "column language holds no value of its type");
        }
    }

    @Test
    void contentThatBecomesBytesIsTakenAsBytesWhereTheSchemaSaysSo() {
        String base64 = Base64.getEncoder().encodeToString("Some text".getBytes(UTF_8));
        String row = Events.row("\"" + base64 + "\"");
        JsonNode data = data(one(
                Events.MAPPING, Events.KEY, Events.withSchema(field("bytes", "body"), Events.event("u", null, row))));
        assertThat(data.path("contentBase64").asText()).isEqualTo(base64);
        assertThat(data.has("content")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TableMapping.Format.class)
    void contentThatBecomesANumberOrAnObjectIsItsText(TableMapping.Format format) {
        TableMapping mapping = Events.mapping(format, "body", Map.of());
        assertThat(content(mapping, format, "12.25")).isEqualTo("12.25");
        assertThat(content(mapping, format, "{\"a\":[1,2]}")).isEqualTo("{\"a\":[1,2]}");
        assertThat(content(mapping, format, "true")).isEqualTo("true");
    }

    @ParameterizedTest
    @EnumSource(TableMapping.Format.class)
    void renamedContentAndAccessAreSetAsideByNameAndRenamedTitlesAreGoneWithout(TableMapping.Format format) {
        TableMapping mapping = Events.mapping(format, "body", Map.of());
        for (String column : List.of("body", "readers")) {
            refused(
                    mapping,
                    Events.KEY,
                    inFormat(format, ROW.replace("\"" + column + "\"", "\"renamed\"")),
                    ErrorCode.ROW_COLUMN_MISSING,
                    "the row has no column " + column);
        }
        JsonNode data = data(one(mapping, Events.KEY, inFormat(format, ROW.replace("\"headline\"", "\"renamed\""))));
        assertThat(data.has("title")).isFalse();
        assertThat(data.path("content").asText()).isEqualTo("Some text");
        assertThat(data.path("access").toString()).isEqualTo("[\"group:hr\",\"group:law\"]");
    }

    @ParameterizedTest
    @EnumSource(TableMapping.Format.class)
    void aTableWithAnotherKeyIsSetAsideWithBothKeysNamedItsDeletesToo(TableMapping.Format format) {
        TableMapping mapping = Events.mapping(format, "body", Map.of());
        String gone = format == TableMapping.Format.ENVELOPE
                ? Events.event("d", ROW, null)
                : ROW.replaceFirst("\\{", "{\"__deleted\":\"true\",");
        Map<String, String> keys = Map.of(
                "{\"article\":7}", "the record's key has article",
                "{\"id\":7,\"region\":\"eu\"}", "the record's key has id, region");
        keys.forEach((key, says) -> {
            for (@Nullable String value : new @Nullable String[] {inFormat(format, ROW), gone, null}) {
                refused(mapping, key, value, ErrorCode.ROW_KEY_UNSUITABLE, "the id names the columns id; " + says);
            }
        });
        refused(mapping, null, inFormat(format, ROW), ErrorCode.ROW_KEY_UNSUITABLE, "needs a primary key");
    }

    private static String label(TableMapping mapping, String field, String value) {
        String row = ROW.replace("\"en\"", value);
        return data(one(mapping, Events.KEY, Events.withSchema(field, Events.event("u", null, row))))
                .path("labels")
                .path("lang")
                .asText();
    }

    private static String content(TableMapping mapping, TableMapping.Format format, String value) {
        return data(one(mapping, Events.KEY, inFormat(format, Events.row(value))))
                .path("content")
                .asText();
    }

    private static String envelope(String row) {
        return Events.event("u", null, row);
    }

    private static String inFormat(TableMapping.Format format, String row) {
        return switch (format) {
            case ENVELOPE -> envelope(row);
            case FLATTENED -> row;
        };
    }

    private static ColumnType named(String name) {
        return ColumnType.named(name).orElseThrow();
    }

    private static String field(String type, String name) {
        return "{\"type\":\"" + type + "\",\"optional\":true,\"field\":\"" + name + "\"}";
    }

    private static String decimal(String name, int scale) {
        return "{\"type\":\"bytes\",\"optional\":true,\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1,"
                + "\"parameters\":{\"scale\":\"" + scale + "\"},\"field\":\"" + name + "\"}";
    }

    /** As Kafka Connect writes it. */
    private static String quoted(String decimal) {
        byte[] unscaled = new BigDecimal(decimal).unscaledValue().toByteArray();
        return "\"" + Base64.getEncoder().encodeToString(unscaled) + "\"";
    }

    private static void refused(
            TableMapping mapping, @Nullable String key, @Nullable String value, ErrorCode code, String says) {
        assertThatThrownBy(() -> one(mapping, key, value))
                .as("%s: %s", key, value)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(says);
    }

    private static CloudEvent one(TableMapping mapping, @Nullable String key, @Nullable String value) {
        RowEvent event = RowEvents.read(
                mapping, key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        return new RowChanges(mapping, List.of("*"))
                .of(event, new RowChanges.Place("cms.public.articles", 2, 40, 3))
                .getFirst();
    }

    private static JsonNode data(CloudEvent event) {
        return ((JsonCloudEventData) Objects.requireNonNull(event.getData())).getNode();
    }
}
