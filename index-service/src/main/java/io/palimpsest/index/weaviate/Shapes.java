package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.words.WordAnalysis;
import io.palimpsest.platform.config.WeaviateSettings;
import io.weaviate.client6.v1.api.collections.CollectionConfig;
import io.weaviate.client6.v1.api.collections.InvertedIndex;
import io.weaviate.client6.v1.api.collections.Property;
import io.weaviate.client6.v1.api.collections.Quantization;
import io.weaviate.client6.v1.api.collections.Tokenization;
import io.weaviate.client6.v1.api.collections.VectorConfig;
import io.weaviate.client6.v1.api.collections.VectorIndex;
import io.weaviate.client6.v1.api.collections.vectorindex.Distance;
import io.weaviate.client6.v1.api.collections.vectorindex.Hnsw;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables in the client's terms. */
final class Shapes {
    private static final String NO_STOPWORDS = "none";

    private Shapes() {}

    static CollectionConfig config(Schema.Table table, WeaviateSettings settings) {
        return CollectionConfig.of(table.name(), config -> {
            config.description(table.description())
                    .properties(table.columns().stream().map(Shapes::property).toList())
                    .invertedIndex(index -> index.bm25(
                                    bm25 -> bm25.k1(WordAnalysis.BM25_K1).b(WordAnalysis.BM25_B))
                            .stopwords(words -> words.preset(NO_STOPWORDS)))
                    .replication(replication -> replication.replicationFactor(table.copies()));
            if (table.tenants()) {
                config.multiTenancy(tenants -> tenants.enabled(true).autoTenantActivation(true));
            }
            if (table.vectors()) {
                config.vectorConfig(VectorConfig.selfProvided(
                        vector -> vector.vectorIndex(graph(settings)).quantization(quantisation(settings))));
            }
            return config;
        });
    }

    private static Hnsw graph(WeaviateSettings settings) {
        return Hnsw.of(hnsw -> hnsw.distance(Distance.COSINE)
                .ef(settings.ef())
                .efConstruction(settings.efConstruction())
                .maxConnections(settings.maxConnections()));
    }

    private static Quantization quantisation(WeaviateSettings settings) {
        return switch (settings.quantisation()) {
            case NONE -> Quantization.uncompressed();
            case RQ -> Quantization.rq();
            case SQ -> Quantization.sq();
            case BQ -> Quantization.bq();
        };
    }

    private static Property property(Schema.Column column) {
        return switch (column.kind()) {
            case KEY ->
                Property.text(
                        column.name(),
                        text -> text.tokenization(Tokenization.FIELD)
                                .indexFilterable(true)
                                .indexSearchable(false));
            case KEYS ->
                Property.textArray(
                        column.name(),
                        text -> text.tokenization(Tokenization.FIELD)
                                .indexFilterable(true)
                                .indexSearchable(false));
            case RANKED ->
                Property.text(
                        column.name(),
                        text -> text.tokenization(Tokenization.WHITESPACE)
                                .indexFilterable(false)
                                .indexSearchable(true));
            case OPAQUE ->
                Property.text(
                        column.name(),
                        text -> text.tokenization(Tokenization.FIELD)
                                .indexFilterable(false)
                                .indexSearchable(false));
            case NUMBER ->
                Property.integer(
                        column.name(), number -> number.indexFilterable(true).indexRangeFilters(false));
            case MOMENT ->
                Property.integer(
                        column.name(), number -> number.indexFilterable(true).indexRangeFilters(true));
            case AMOUNT ->
                Property.integer(
                        column.name(), number -> number.indexFilterable(false).indexRangeFilters(false));
            case FLAG -> Property.bool(column.name(), flag -> flag.indexFilterable(true));
        };
    }

    /**
     * Refuses a collection that does not do what this version asks of it. Graph parameters, compression and copies are those
     * of the settings it was made with.
     */
    static void check(Schema.Table table, CollectionConfig found, Failures failures) {
        Map<String, Property> properties =
                found.properties().stream().collect(Collectors.toMap(Property::propertyName, property -> property));
        for (Schema.Column column : table.columns()) {
            difference(property(column), properties.get(column.name()))
                    .ifPresent(difference -> refuse(table, "property " + column.name() + " " + difference, failures));
        }
        boolean tenants = found.multiTenancy() != null
                && Boolean.TRUE.equals(found.multiTenancy().enabled());
        if (tenants != table.tenants()) {
            refuse(table, "its multi-tenancy is " + (tenants ? "on" : "off"), failures);
        }
        InvertedIndex words = found.invertedIndex();
        boolean ranked = words != null && words.bm25() != null && words.stopwords() != null;
        if (!ranked
                || words.bm25().k1() != WordAnalysis.BM25_K1
                || words.bm25().b() != WordAnalysis.BM25_B
                || !NO_STOPWORDS.equals(words.stopwords().preset())) {
            refuse(table, "it ranks words by other parameters, or leaves some out", failures);
        }
        if (table.vectors() && !hasOneGraph(found)) {
            refuse(table, "it has not one vector per object in an HNSW graph by cosine", failures);
        }
    }

    private static Optional<String> difference(Property wanted, @Nullable Property found) {
        if (found == null || !Objects.equals(found.dataTypes(), wanted.dataTypes())) {
            return Optional.of("is missing or of another type");
        }
        boolean text = wanted.tokenization() != null;
        if (text
                && isOn(wanted.indexFilterable(), wanted.indexSearchable())
                && found.tokenization() != wanted.tokenization()) {
            return Optional.of("is cut into words in another way");
        }
        boolean lacks = lacks(wanted.indexFilterable(), found.indexFilterable())
                || lacks(wanted.indexSearchable(), found.indexSearchable())
                || lacks(wanted.indexRangeFilters(), found.indexRangeFilters());
        return lacks ? Optional.of("lacks an index") : Optional.empty();
    }

    private static boolean isOn(@Nullable Boolean one, @Nullable Boolean other) {
        return Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other);
    }

    private static boolean lacks(@Nullable Boolean wanted, @Nullable Boolean found) {
        return Boolean.TRUE.equals(wanted) && !Boolean.TRUE.equals(found);
    }

    private static boolean hasOneGraph(CollectionConfig found) {
        if (found.vectors() == null || found.vectors().size() != 1) {
            return false;
        }
        VectorIndex index = found.vectors().values().iterator().next().vectorIndex();
        return index instanceof Hnsw graph && graph.distance() == Distance.COSINE;
    }

    private static void refuse(Schema.Table table, String difference, Failures failures) {
        throw refused(table.name(), difference, failures);
    }

    static PalimpsestException refused(String collection, String difference, Failures failures) {
        return failures.refused("has a collection " + collection + " of another shape (" + difference
                + "): delete it, and the index is rebuilt, or choose another index.weaviate.prefix");
    }
}
