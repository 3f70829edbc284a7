package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.DIMENSIONS;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KillableWeaviate;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Collections that are not, or not any more, as they were made. */
@NeedsEngine(EngineKind.WEAVIATE)
final class WeaviateCollectionsIT {
    private static final int NOT_FOUND = 404;
    private static final String TENANT = GENERATION.collection().tenant().value();

    /** How somebody could have made the passages anew. */
    record Difference(String said, Consumer<JsonNode> change) {
        @Override
        public String toString() {
            return said;
        }

        static ObjectNode object(JsonNode node) {
            return (ObjectNode) node;
        }

        static ObjectNode property(JsonNode schema, String name) {
            return object(schema.path("properties")
                    .valueStream()
                    .filter(property -> property.path("name").asText().equals(name))
                    .findFirst()
                    .orElseThrow());
        }

        static void remove(JsonNode schema, String name) {
            Iterator<JsonNode> properties = schema.path("properties").elements();
            while (properties.hasNext()) {
                if (properties.next().path("name").asText().equals(name)) {
                    properties.remove();
                }
            }
        }
    }

    static List<Difference> differences() {
        return List.of(
                new Difference("property stems is missing", schema -> Difference.remove(schema, "stems")),
                new Difference(
                        "property stems is cut into words in another way",
                        schema -> Difference.property(schema, "stems").put("tokenization", "word")),
                new Difference(
                        "property access is cut into words in another way",
                        schema -> Difference.property(schema, "access").put("tokenization", "lowercase")),
                new Difference(
                        "property document lacks an index",
                        schema -> Difference.property(schema, "document").put("indexFilterable", false)),
                new Difference(
                        "property validTo lacks an index",
                        schema -> Difference.property(schema, "validTo").put("indexRangeFilters", false)),
                new Difference(
                        "it ranks words by other parameters",
                        schema -> Difference.object(schema.at("/invertedIndexConfig/bm25"))
                                .put("k1", 1.2)),
                new Difference(
                        "it has not one vector per object in an HNSW graph by cosine",
                        schema -> Difference.object(schema.at("/vectorConfig/default/vectorIndexConfig"))
                                .put("distance", "dot")));
    }

    private static String passages(WeaviateSettings settings) {
        return new Shelf(settings.prefix(), GENERATION).passages().collection();
    }

    private static void assertRefused(WeaviateSettings settings, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .hasMessageContaining("Weaviate")
                .hasMessageContaining(settings.host() + ":" + settings.httpPort())
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void generationWhoseCollectionIsOfAnotherShapeIsRefusedAtTheStart(Difference difference) throws Exception {
        WeaviateSettings settings = TestWeaviate.settings();
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
        }
        Rest rest = new Rest(settings);
        JsonNode schema = rest.schema(passages(settings));
        difference.change.accept(schema);
        makeAnew(rest, schema, settings);
        assertRefused(
                settings,
                () -> new WeaviatePassageIndex(settings).close(),
                passages(settings),
                difference.said,
                "delete it",
                "index.weaviate.prefix");
        rest.send("DELETE", "/v1/schema/" + passages(settings), "");
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            assertThat(index.generations()).as("to be built again").isEmpty();
        }
    }

    private static void makeAnew(Rest rest, JsonNode schema, WeaviateSettings settings) throws Exception {
        rest.send("DELETE", "/v1/schema/" + passages(settings), "");
        ((ObjectNode) schema).remove("shardingConfig"); // told, but not taken beside tenants
        rest.send("POST", "/v1/schema", schema.toString());
        rest.send("POST", "/v1/schema/" + passages(settings) + "/tenants", "[{\"name\":\"" + TENANT + "\"}]");
    }

    @Test
    void generationWhoseVectorsAreOfAnotherLengthIsRefusedAtTheStart() throws Exception {
        WeaviateSettings settings = TestWeaviate.settings();
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
        }
        Rest rest = new Rest(settings);
        rest.send(
                "POST",
                "/v1/objects",
                "{\"class\":\"" + passages(settings) + "\",\"tenant\":\"" + TENANT + "\",\"id\":\"" + UUID.randomUUID()
                        + "\",\"properties\":{},\"vectors\":{\"default\":[0.6,0.8]}}");
        assertRefused(
                settings,
                () -> new WeaviatePassageIndex(settings).close(),
                passages(settings),
                "2 dimensions",
                Integer.toString(DIMENSIONS));
        rest.send("DELETE", "/v1/schema/" + passages(settings), "");
    }

    @Test
    void lostTenantGivesAnotherIncarnation() throws Exception {
        WeaviateSettings settings = TestWeaviate.settings();
        String first;
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            first = index.incarnation();
            index.createGeneration(GENERATION);
        }
        new Rest(settings).send("DELETE", "/v1/schema/" + passages(settings) + "/tenants", "[\"" + TENANT + "\"]");
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            assertThat(index.incarnation()).isNotEqualTo(first);
            assertThat(index.generations()).isEmpty();
        }
    }

    /** By whatever the server makes of a write to a collection that it does not know. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void collectionLostAtWorkIsNamedAndTheNextStartBuildsItAgain(String autoSchema) throws Exception {
        try (KillableWeaviate server = new KillableWeaviate(Map.of("AUTOSCHEMA_ENABLED", autoSchema))) {
            WeaviateSettings settings = TestWeaviate.settings(server);
            String first;
            try (PassageIndex index = new WeaviatePassageIndex(settings)) {
                first = index.incarnation();
                index.createGeneration(GENERATION);
                index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
                Rest rest = new Rest(settings);
                rest.send("DELETE", "/v1/schema/" + passages(settings), "");
                String[] said = {passages(settings), "has lost a collection", "start the index service again"};
                PassageQuery query = PassageQuery.of(vector("alpha"), null, 10, ALICE);
                assertRefused(settings, () -> index.search(GENERATION.id(), query), said);
                assertRefused(settings, () -> index.apply(GENERATION.id(), List.of(put("b", 1, "beta"))), said);
                assertRefused(
                        settings,
                        () -> index.createGeneration(GENERATION),
                        GENERATION.id().value(),
                        "start the index service again");
                if (autoSchema.equals("false")) {
                    assertThat(rest.status("GET", "/v1/schema/" + passages(settings)))
                            .isEqualTo(NOT_FOUND);
                }
            }
            try (PassageIndex index = new WeaviatePassageIndex(settings)) {
                assertThat(index.incarnation()).isNotEqualTo(first);
                index.createGeneration(GENERATION);
                index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
                assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 1, 0));
            }
        }
    }
}
