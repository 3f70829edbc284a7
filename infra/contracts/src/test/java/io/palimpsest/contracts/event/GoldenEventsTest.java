package io.palimpsest.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every version of every event that was ever written can be read for ever. A golden file is never edited: an event that
 * changes incompatibly gets a new version, a new file and a new topic.
 */
class GoldenEventsTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    record Golden(String name, Class<?> type) {}

    static Stream<Golden> events() {
        return Stream.of(
                new Golden("change-dropped.v1", ChangeDropped.class),
                new Golden("dead-letter.v1", DeadLetter.class),
                new Golden("document-accepted.v1", DocumentAccepted.class),
                new Golden("document-changed.v1", DocumentChanged.class),
                new Golden("document-extracted.v1", DocumentExtracted.class),
                new Golden("document-indexed.v1", DocumentIndexed.class),
                new Golden("document-revised.v1", DocumentRevised.class),
                new Golden("ledger-entry.v1", LedgerEntry.class),
                new Golden("query-served.v1", QueryServed.class),
                new Golden("feedback-given.v1", FeedbackGiven.class),
                new Golden("drift-measured.v1", DriftMeasured.class));
    }

    @ParameterizedTest
    @MethodSource("events")
    void isReadAndWrittenIdentically(Golden golden) throws IOException {
        byte[] bytes = resource("/golden/" + golden.name() + ".json");
        Object event = Json.read(bytes, golden.type());

        JsonNode written = Json.mapper().readTree(Json.write(event));
        assertThat(written).isEqualTo(Json.mapper().readTree(bytes));
        assertThat(Json.read(Json.write(event), golden.type())).isEqualTo(event);
        assertThat(Json.writeText(event))
                .isEqualTo(Json.mapper().readTree(bytes).toString());
    }

    @ParameterizedTest
    @MethodSource("events")
    void keepsToItsSchema(Golden golden) throws IOException {
        Schema schema = schema(golden);

        assertThat(schema.validate(text("/golden/" + golden.name() + ".json"), InputFormat.JSON))
                .isEmpty();
        assertThat(schema.validate("{}", InputFormat.JSON)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void schemaDescribesExactlyTheRecordsFields(Golden golden) throws IOException {
        JsonNode properties = Json.mapper()
                .readTree(resource("/schema/" + golden.name() + ".schema.json"))
                .get("properties");
        List<String> components = Arrays.stream(
                        Objects.requireNonNull(golden.type().getRecordComponents()))
                .map(java.lang.reflect.RecordComponent::getName)
                .toList();

        assertThat(properties.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(components);
    }

    @ParameterizedTest
    @MethodSource("events")
    void fieldsOfLaterVersionsAreIgnored(Golden golden) throws IOException {
        byte[] bytes = resource("/golden/" + golden.name() + ".json");
        var grown =
                (com.fasterxml.jackson.databind.node.ObjectNode) Json.mapper().readTree(bytes);
        grown.put("fieldOfALaterVersion", 1);

        assertThat(Json.read(Json.write(grown), golden.type())).isEqualTo(Json.read(bytes, golden.type()));
        assertThat(schema(golden).validate(grown.toString(), InputFormat.JSON)).isEmpty();
    }

    @Test
    void schemaOfLedgerEntriesHasEveryTypeInItsOrder() throws IOException {
        List<String> types = new ArrayList<>();
        Json.mapper()
                .readTree(resource("/schema/ledger-entry.v1.schema.json"))
                .at("/properties/type/enum")
                .forEach(type -> types.add(type.asText()));

        assertThat(types)
                .containsExactlyElementsOf(
                        Arrays.stream(LedgerEntry.Type.values()).map(Enum::name).toList());
    }

    @Test
    void everyGoldenFileAndEverySchemaIsRead() throws Exception {
        TreeSet<String> names = new TreeSet<>();
        events().forEach(golden -> names.add(golden.name()));

        assertThat(names("/golden", ".json")).isEqualTo(names);
        assertThat(names("/schema", ".schema.json")).isEqualTo(names);
    }

    private static Schema schema(Golden golden) throws IOException {
        return SCHEMAS.getSchema(text("/schema/" + golden.name() + ".schema.json"), InputFormat.JSON);
    }

    private static Set<String> names(String folder, String suffix) throws IOException, URISyntaxException {
        Path path = Path.of(Objects.requireNonNull(GoldenEventsTest.class.getResource(folder))
                .toURI());
        try (Stream<Path> files = Files.list(path)) {
            TreeSet<String> names = new TreeSet<>();
            files.map(f -> f.getFileName().toString().replace(suffix, "")).forEach(names::add);
            return names;
        }
    }

    private static String text(String resource) throws IOException {
        return new String(resource(resource), StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenEventsTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
