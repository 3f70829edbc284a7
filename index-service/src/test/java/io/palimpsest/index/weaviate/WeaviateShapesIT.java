package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.DIMENSIONS;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexWear;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.words.WordAnalysis;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.platform.config.WeaviateSettings.Quantisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compression, tenants, and wear. */
final class WeaviateShapesIT {
    private final WeaviateSettings settings = TestWeaviate.settings();

    @AfterEach
    void dropGenerations() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.generations().forEach(generation -> index.dropGeneration(generation.id()));
        }
    }

    private static PassageQuery near(String text) {
        return PassageQuery.of(vector(text), null, 10, ALICE);
    }

    @ParameterizedTest
    @EnumSource(Quantisation.class)
    void everyCompressionFindsThePassageItselfFirst(Quantisation quantisation) {
        try (PassageIndex index = new WeaviatePassageIndex(TestWeaviate.compressed(settings, quantisation))) {
            index.createGeneration(GENERATION);
            String[] texts = IntStream.range(0, 300).mapToObj(i -> "text " + i).toArray(String[]::new);
            index.apply(GENERATION.id(), List.of(put("a", 1, texts)));
            for (String text : List.of("text 0", "text 150", "text 299")) {
                assertThat(index.search(GENERATION.id(), near(text))
                                .vector()
                                .getFirst()
                                .passage())
                        .isEqualTo(Corpus.id(text));
            }
            assertThat(index.wear(GENERATION.id()).map(IndexWear::recall))
                    .hasValueSatisfying(recall -> assertThat(recall).isGreaterThan(0.9));
        }
    }

    @ParameterizedTest
    @EnumSource(Quantisation.class)
    void graphAndCompressionOfTheServerAreThoseOfTheSettings(Quantisation quantisation) throws Exception {
        WeaviateSettings asked = TestWeaviate.graph(settings, 17, 99, 77, quantisation);
        try (PassageIndex index = new WeaviatePassageIndex(asked)) {
            index.createGeneration(GENERATION);
        }
        JsonNode schema = new Rest(asked)
                .schema(new Shelf(asked.prefix(), GENERATION).passages().collection());
        assertThat(schema.path("vectorConfig").size()).isEqualTo(1);
        JsonNode vector = schema.at("/vectorConfig/default");
        assertThat(vector.path("vectorIndexType").asText()).isEqualTo("hnsw");
        assertThat(vector.path("vectorizer").fieldNames()).toIterable().containsExactly("none");
        JsonNode graph = vector.path("vectorIndexConfig");
        assertThat(graph.path("distance").asText()).isEqualTo("cosine");
        assertThat(graph.path("maxConnections").asInt()).isEqualTo(17);
        assertThat(graph.path("efConstruction").asInt()).isEqualTo(99);
        assertThat(graph.path("ef").asInt()).isEqualTo(77);
        for (Quantisation one : List.of(Quantisation.RQ, Quantisation.SQ, Quantisation.BQ)) {
            String name = one.name().toLowerCase(Locale.ROOT);
            assertThat(graph.path(name).path("enabled").asBoolean())
                    .as("%s: %s", name, graph)
                    .isEqualTo(one == quantisation);
        }
        assertThat(graph.path("pq").path("enabled").asBoolean()).isFalse();
        if (quantisation == Quantisation.RQ) {
            assertThat(graph.at("/rq/bits").asInt()).isEqualTo(8);
        }
    }

    @Test
    void copiesBm25AndStopwordsOfTheServerAreThoseOfThisVersion() throws Exception {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
        }
        Shelf shelf = new Shelf(settings.prefix(), GENERATION);
        for (Place place : List.of(shelf.passages(), shelf.revisions(), shelf.words())) {
            JsonNode schema = new Rest(settings).schema(place.collection());
            JsonNode words = schema.path("invertedIndexConfig");
            assertThat(words.at("/bm25/k1").floatValue()).isEqualTo(WordAnalysis.BM25_K1);
            assertThat(words.at("/bm25/b").floatValue()).isEqualTo(WordAnalysis.BM25_B);
            assertThat(words.at("/stopwords/preset").asText()).isEqualTo("none");
            assertThat(schema.at("/multiTenancyConfig/enabled").asBoolean()).isTrue();
            assertThat(schema.at("/replicationConfig/factor").asInt()).isEqualTo(settings.replication());
        }
    }

    @Test
    void twoTenantsSeeTheirOwnOnly() {
        Generation other = new Generation(
                new GenerationId("g2"),
                CollectionKey.of("globex", "handbook"),
                GENERATION.model(),
                GENERATION.policy(),
                DIMENSIONS);
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
            index.createGeneration(other);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
            DocumentWrite theirs = new DocumentWrite.Put(
                    DocumentKey.of(other.collection(), "a"),
                    1,
                    Corpus.START,
                    "theirs",
                    AccessList.PUBLIC,
                    Map.of(),
                    List.of(Corpus.passage("alpha"), Corpus.passage("beta")));
            index.apply(other.id(), List.of(theirs));
            assertThat(index.search(GENERATION.id(), near("alpha")).vector())
                    .hasSize(1)
                    .allMatch(hit -> hit.document().equals(Corpus.key("a")));
            assertThat(index.search(other.id(), near("alpha")).vector())
                    .hasSize(2)
                    .allMatch(hit -> hit.document().equals(theirs.key()));
            index.dropGeneration(GENERATION.id());
            assertThat(index.counts(other.id())).isEqualTo(new IndexCounts(1, 2, 0));
        }
    }

    @Test
    void wearCountsWhatWasRemovedForGood() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
            assertThat(index.wear(GENERATION.id())).contains(new IndexWear(0, 1));
            List<DocumentWrite> first = new ArrayList<>();
            List<DocumentWrite> second = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                first.add(put("d" + i, 1, "old " + i, "gone " + i));
                second.add(put("d" + i, 2, "new " + i));
            }
            index.apply(GENERATION.id(), first);
            index.apply(GENERATION.id(), second);
            assertThat(index.purgeHistory(GENERATION.id(), Corpus.day(2))).isEqualTo(60);
            assertThat(index.wear(GENERATION.id())).contains(new IndexWear(2, 1));
        }
    }
}
