package io.palimpsest.ingest.source.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonCloudEventData;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowChangesTest {
    private static final RowChanges.Place PLACE = new RowChanges.Place("cms.public.articles", 2, 40, 3);
    private static final String UNAVAILABLE = "\"__debezium_unavailable_value\"";
    private static final String FIELDS = "{\"type\":\"int32\",\"optional\":false,\"field\":\"id\"},"
            + "{\"type\":\"string\",\"optional\":true,\"field\":\"body\"}";

    @ParameterizedTest
    @ValueSource(strings = {"c", "u", "r"})
    void aRowIsAWholeDocument(String op) {
        CloudEvent event = one(Events.event(op, null, Events.row("\"Some text\"")));

        assertThat(event.getSubject()).isEqualTo("db://articles/7");
        assertThat(event.getSource()).hasToString("debezium:articles");
        assertThat(event.getType()).isEqualTo("io.palimpsest.document." + (op.equals("u") ? "updated" : "created"));
        assertThat(event.getExtension("epoch")).isEqualTo("3");
        assertThat(event.getExtension("sequence")).isEqualTo("40");
        assertThat(String.valueOf(event.getTime())).isEqualTo("2023-11-14T22:13:20Z");
        JsonNode data = data(event);
        assertThat(data.path("content").asText()).isEqualTo("Some text");
        assertThat(data.path("contentType").asText()).isEqualTo("text/plain");
        assertThat(data.path("title").asText()).isEqualTo("A title");
        assertThat(data.path("access").toString()).isEqualTo("[\"group:hr\",\"group:law\"]");
        assertThat(data.path("labels").toString()).isEqualTo("{\"lang\":\"en\"}");
    }

    @Test
    void schemasOfKeyAndValueMayComeOrNot() {
        String plain = Events.event("c", null, Events.row("\"Some text\""));
        String key = Events.keyWithSchema("{\"type\":\"int32\",\"optional\":false,\"field\":\"id\"}", Events.KEY);
        List<CloudEvent> all = List.of(
                one(plain),
                changes(Events.MAPPING, Events.KEY, Events.withSchema(FIELDS, plain))
                        .getFirst(),
                changes(Events.MAPPING, key, plain).getFirst(),
                changes(Events.MAPPING, key, Events.withSchema(FIELDS, plain)).getFirst());

        assertThat(all).allSatisfy(event -> {
            assertThat(event.getId()).isEqualTo(all.getFirst().getId());
            assertThat(event.getSubject()).isEqualTo("db://articles/7");
            assertThat(data(event)).isEqualTo(data(all.getFirst()));
        });
    }

    @Test
    void whatIsSentAgainHasTheSameIdAndAReadNever() {
        String row = Events.row("\"Some text\"");
        RowChanges.Place later = new RowChanges.Place("cms.public.articles", 2, 90, 3);
        for (String source : List.of(Events.SOURCE, Events.MYSQL_SOURCE)) {
            String streamed = Events.event("u", null, row, source);
            assertThat(changes(streamed, PLACE).getId())
                    .isEqualTo(changes(streamed, later).getId());
            String read = Events.event("r", null, row, source.replace("\"false\"", "\"last\""));
            assertThat(changes(read, PLACE).getId())
                    .isNotEqualTo(changes(read, later).getId());
        }
        assertThat(changes(Events.event("u", null, row), PLACE).getId())
                .isNotEqualTo(changes(Events.event("u", null, row, Events.SOURCE.replace("128,", "129,")), PLACE)
                        .getId());
    }

    @Test
    void aDeleteNeedsTheKeyOnlyAndItsTombstoneSaysNoMore() {
        CloudEvent delete = one(Events.event("d", null, null));
        assertThat(delete.getType()).isEqualTo("io.palimpsest.document.deleted");
        assertThat(delete.getSubject()).isEqualTo("db://articles/7");
        assertThat(delete.getExtension("sequence")).isEqualTo("40");

        for (@Nullable String none : new @Nullable String[] {null, "null", "{\"schema\":null,\"payload\":null}"}) {
            CloudEvent tombstone = RowChangesTest.changes(
                            Events.MAPPING, Events.KEY, none, new RowChanges.Place("t", 2, 41, 3))
                    .getFirst();
            assertThat(tombstone.getType()).isEqualTo("io.palimpsest.document.deleted");
            assertThat(tombstone.getExtension("sequence")).isEqualTo("40");
        }
    }

    @Test
    void aRowWithoutContentIsNoDocument() {
        assertThat(one(Events.event("u", null, Events.row("null"))).getType())
                .isEqualTo("io.palimpsest.document.deleted");
    }

    @Test
    void contentThatWasNotSentIsAsItWasBefore() {
        CloudEvent event = one(Events.event("u", Events.row("\"Before\""), Events.row(UNAVAILABLE)));
        assertThat(data(event).path("content").asText()).isEqualTo("Before");
    }

    @Test
    void withoutContentEverythingElseIsChanged() {
        List<CloudEvent> events = changes(Events.MAPPING, Events.KEY, Events.event("u", null, Events.row(UNAVAILABLE)));

        assertThat(events)
                .extracting(CloudEvent::getType)
                .containsExactly("io.palimpsest.document.moved", "io.palimpsest.document.access-changed");
        assertThat(events.get(0).getId()).isNotEqualTo(events.get(1).getId());
        assertThat(data(events.get(0)).toString()).isEqualTo("{\"title\":\"A title\"}");
        assertThat(data(events.get(1)).toString())
                .isEqualTo("{\"access\":[\"group:hr\",\"group:law\"],\"labels\":{\"lang\":\"en\"}}");
    }

    @Test
    void aNewRowWithoutItsContentIsSetAside() {
        refused(Events.event("c", null, Events.row(UNAVAILABLE)), ErrorCode.ROW_VALUE_UNAVAILABLE);
        refused(
                Events.event("u", null, Events.row("\"x\"").replace("\"hr, law\"", UNAVAILABLE)),
                ErrorCode.ROW_VALUE_UNAVAILABLE);
    }

    @Test
    void aLostColumnMattersWhereItIsNeeded() {
        String row = Events.row("\"x\"");
        refused(Events.event("u", null, row.replace("\"body\"", "\"text\"")), ErrorCode.ROW_COLUMN_MISSING);
        refused(Events.event("u", null, row.replace("\"readers\"", "\"r\"")), ErrorCode.ROW_COLUMN_MISSING);
        JsonNode data = data(
                one(Events.event("u", null, row.replace("\"headline\"", "\"h\"").replace("\"language\"", "\"l\""))));
        assertThat(data.has("title")).isFalse();
        assertThat(data.path("labels")).isEmpty();
    }

    @Test
    void accessThatIsNullIsNobodysAndArraysAreTaken() {
        assertThat(access("null")).isEqualTo("[]");
        assertThat(access("\"\"")).isEqualTo("[]");
        assertThat(access("[\"a\",\"b\"]")).isEqualTo("[\"group:a\",\"group:b\"]");
        assertThat(access("\"[\\\"a\\\"]\"")).isEqualTo("[\"group:a\"]");
        refused(
                Events.event("c", null, Events.row("\"x\"").replace("\"hr, law\"", "\"[a\"")),
                ErrorCode.ROW_COLUMN_INVALID);
    }

    @Test
    void aTruncatedTableIsSetAside() {
        assertThatThrownBy(() -> changes(Events.MAPPING, null, Events.event("t", null, null)))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROW_TABLE_TRUNCATED));
    }

    @Test
    void theKeyHasTheColumnsOfTheIdAndNoOthers() {
        String event = Events.event("c", null, Events.row("\"x\""));
        for (@Nullable
        String key : new @Nullable String[] {
            null, "7", "null", "{}", "{\"id\":null}", "{\"other\":1}", "{\"id\":7,\"region\":\"eu\"}"
        }) {
            assertThatThrownBy(() -> changes(Events.MAPPING, key, event))
                    .as(key)
                    .isInstanceOfSatisfying(
                            PalimpsestException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ROW_KEY_UNSUITABLE));
        }
    }

    @Test
    void valuesOfTheKeyCannotMeetInOneId() {
        Template id = Template.parse("db:{a}/{b}");
        Map<String, String> first = Map.of("a", "x/y", "b", "z");
        Map<String, String> second = Map.of("a", "x", "b", "y/z ü%");
        assertThat(id.fill(c -> Objects.requireNonNull(first.get(c)))).isEqualTo("db:x%2Fy/z");
        assertThat(id.fill(c -> Objects.requireNonNull(second.get(c)))).isEqualTo("db:x/y%2Fz%20%C3%BC%25");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "\"text\"",
                "{}",
                "{\"op\":\"c\"}",
                "{\"id\":7,\"body\":\"x\"}",
                "{\"op\":\"c\",\"source\":{},\"after\":null}",
                "{\"op\":\"m\",\"source\":{}}",
                "{\"op\":1,\"source\":{},\"after\":{}}",
                "{\"schema\":{\"type\":\"struct\"},\"payload\":[]}",
                "{} {}"
            })
    void whatIsNoChangeEventIsMalformed(String value) {
        refused(value, ErrorCode.ROW_EVENT_MALFORMED);
    }

    @Test
    void bytesThatAreNoTextAreRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> RowEvents.read(Events.MAPPING, Events.bytes(Events.KEY), new byte[] {(byte) 0xff}))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UTF8_INVALID));
        assertThatThrownBy(() -> RowEvents.read(Events.MAPPING, Events.bytes(Events.KEY), Events.bytes("{secret")))
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void flattenedRowsAreTakenWithTheirMarks() {
        TableMapping flat = Events.mapping(TableMapping.Format.FLATTENED, "body", Map.of());
        String row = Events.row("\"Some text\"");
        CloudEvent event = changes(flat, Events.KEY, row).getFirst();
        assertThat(data(event).path("content").asText()).isEqualTo("Some text");
        assertThat(event.getId()).isEqualTo("cms.public.articles/3/2/40");

        for (String mark : List.of("\"__op\":\"d\"", "\"__deleted\":\"true\"", "\"__deleted\":true")) {
            assertThat(changes(flat, Events.KEY, row.replace("{", "{" + mark + ","))
                            .getFirst()
                            .getType())
                    .isEqualTo("io.palimpsest.document.deleted");
        }
        assertThat(changes(flat, Events.KEY, row.replace("{", "{\"__op\":\"u\",\"__deleted\":\"false\","))
                        .getFirst()
                        .getType())
                .isEqualTo("io.palimpsest.document.updated");
        assertThatThrownBy(() -> changes(flat, Events.KEY, Events.event("c", null, row)))
                .hasMessageContaining("flattened");
    }

    @Test
    void bytesOfTheSchemaAreContentInBase64() {
        TableMapping mapping = Events.mapping(TableMapping.Format.ENVELOPE, "file", Map.of());
        String base64 = Base64.getEncoder().encodeToString(new byte[] {0, 1, (byte) 0xfb, (byte) 0xff});
        String row = Events.row("null").replace("}", ",\"file\":\"" + base64 + "\"}");
        String fields = "{\"type\":\"bytes\",\"optional\":true,\"field\":\"file\"}";
        JsonNode data = data(changes(mapping, Events.KEY, Events.withSchema(fields, Events.event("c", null, row)))
                .getFirst());
        assertThat(data.path("contentBase64").asText()).isEqualTo(base64);
        assertThat(data.path("contentType").isNull()).isTrue();

        String broken = Events.withSchema(fields, Events.event("c", null, row.replace(base64, "?")));
        assertThatThrownBy(() -> changes(mapping, Events.KEY, broken))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROW_COLUMN_INVALID));
    }

    private static String access(String readers) {
        return data(one(Events.event("c", null, Events.row("\"x\"").replace("\"hr, law\"", readers))))
                .path("access")
                .toString();
    }

    private static void refused(String value, ErrorCode code) {
        assertThatThrownBy(() -> one(value))
                .as(value)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static CloudEvent one(String value) {
        return changes(value, PLACE);
    }

    private static CloudEvent changes(String value, RowChanges.Place place) {
        return changes(Events.MAPPING, Events.KEY, value, place).getFirst();
    }

    private static List<CloudEvent> changes(TableMapping mapping, @Nullable String key, @Nullable String value) {
        return changes(mapping, key, value, PLACE);
    }

    private static List<CloudEvent> changes(
            TableMapping mapping, @Nullable String key, @Nullable String value, RowChanges.Place place) {
        RowEvent event = RowEvents.read(
                mapping, key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        return new RowChanges(mapping, List.of("*")).of(event, place);
    }

    private static JsonNode data(CloudEvent event) {
        return ((JsonCloudEventData) Objects.requireNonNull(event.getData())).getNode();
    }
}
