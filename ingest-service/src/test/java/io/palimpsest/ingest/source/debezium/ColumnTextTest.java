package io.palimpsest.ingest.source.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnTextTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "bytes  | org.apache.kafka.connect.data.Decimal     | \"BNI=\"                       | 12.34",
                "bytes  | org.apache.kafka.connect.data.Decimal     | \"/w==\"                       | -0.01",
                "struct | io.debezium.data.VariableScaleDecimal     | {\"scale\":3,\"value\":\"BNI=\"} | 1.234",
                "string |                                           | \"12.30\"                      | 12.30",
                "double |                                           | 1.50                           | 1.5",
                "int64  |                                           | 9007199254740993               | 9007199254740993",
                "boolean|                                           | true                           | true",
                "int32  | io.debezium.time.Date                     | 19675                          | 2023-11-14",
                "int32  | org.apache.kafka.connect.data.Date        | -1                             | 1969-12-31",
                "int64  | io.debezium.time.Timestamp                | 1700000000123                  | 2023-11-14T22:13:20.123",
                "int64  | io.debezium.time.MicroTimestamp           | 1700000000123456               | 2023-11-14T22:13:20.123456",
                "int64  | io.debezium.time.MicroTimestamp           | -1                             | 1969-12-31T23:59:59.999999",
                "int64  | io.debezium.time.NanoTimestamp            | 1700000000000000001            | 2023-11-14T22:13:20.000000001",
                "string | io.debezium.time.ZonedTimestamp           | \"2023-11-14T22:13:20Z\"       | 2023-11-14T22:13:20Z",
                "int64  | io.debezium.time.MicroTime                | 3600000000                     | 01:00:00",
                "int64  | io.debezium.time.MicroTime                | -3600000000                    | -3600000000",
                "string | io.debezium.data.Json                     | \"{\\\"a\\\": 1}\"             | {\"a\": 1}",
                "string | io.debezium.data.Uuid                     | \"6b0e\"                       | 6b0e",
                "array  |                                           | [1,\"b\"]                      | [1,\"b\"]",
            })
    void aValueReadsAsPeopleWouldWriteIt(String type, @Nullable String semantic, String json, String text)
            throws Exception {
        JsonNode schema = JSON.readTree("{\"type\":\"struct\",\"fields\":[{\"type\":\"" + type + "\",\"field\":\"x\""
                + (semantic == null ? "" : ",\"name\":\"" + semantic + "\",\"parameters\":{\"scale\":\"2\"}")
                + "}]}");
        Row row = new Row(JSON.readTree("{\"x\":" + json + "}"), schema, Map.of());
        assertThat(row.text("x")).isEqualTo(text);
    }

    @Test
    void withoutASchemaTheMappingSaysWhatAColumnIs() throws Exception {
        Row row = new Row(
                JSON.readTree("{\"price\":\"BNI=\",\"at\":19675}"),
                null,
                Map.of(
                        "price", ColumnType.named("decimal(2)").orElseThrow(),
                        "at", ColumnType.named("date").orElseThrow()));
        assertThat(row.text("price")).isEqualTo("12.34");
        assertThat(row.text("at")).isEqualTo("2023-11-14");
        assertThat(row.text("none")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "date,\"x\"",
        "date,1.5",
        "date,9223372036854775807",
        "timestamp,true",
        "decimal(2),\"?\"",
        "decimal(2),\"\""
    })
    void whatIsNotOfItsTypeIsNamedByItsColumnOnly(String type, String json) throws Exception {
        Row row = new Row(
                JSON.readTree("{\"x\":" + json + "}"),
                null,
                Map.of("x", ColumnType.named(type).orElseThrow()));
        assertThatThrownBy(() -> row.text("x")).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ROW_COLUMN_INVALID);
            assertThat(e).hasMessage("column x holds no value of its type");
        });
    }
}
