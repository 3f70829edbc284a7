package io.palimpsest.index.weaviate;

import io.palimpsest.index.words.WordAnalysis;
import io.palimpsest.platform.config.WeaviateSettings;
import io.weaviate.client6.v1.api.collections.CollectionConfig;
import io.weaviate.client6.v1.api.collections.Property;
import io.weaviate.client6.v1.api.collections.Quantization;
import io.weaviate.client6.v1.api.collections.Tokenization;
import io.weaviate.client6.v1.api.collections.VectorConfig;
import io.weaviate.client6.v1.api.collections.vectorindex.Distance;
import io.weaviate.client6.v1.api.collections.vectorindex.Hnsw;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Tables in the client's terms. */
final class Shapes {
    private Shapes() {}

    static CollectionConfig config(Schema.Table table, WeaviateSettings settings) {
        return CollectionConfig.of(table.name(), config -> {
            config.description(table.description())
                    .properties(table.columns().stream().map(Shapes::property).toList())
                    .invertedIndex(index -> index.bm25(
                                    bm25 -> bm25.k1(WordAnalysis.BM25_K1).b(WordAnalysis.BM25_B))
                            .stopwords(words -> words.preset("none")))
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

    /** Refuses a collection that is not as this version makes it. */
    static void check(Schema.Table table, CollectionConfig found, Failures failures) {
        Map<String, List<String>> types =
                found.properties().stream().collect(Collectors.toMap(Property::propertyName, Property::dataTypes));
        for (Schema.Column column : table.columns()) {
            Property wanted = property(column);
            if (!Objects.equals(types.get(column.name()), wanted.dataTypes())) {
                throw shape(table, "property " + column.name() + " is missing or of another type", failures);
            }
        }
        boolean tenants = found.multiTenancy() != null
                && Boolean.TRUE.equals(found.multiTenancy().enabled());
        if (tenants != table.tenants()) {
            throw shape(table, "its multi-tenancy is " + (tenants ? "on" : "off"), failures);
        }
        if (table.vectors() && (found.vectors() == null || found.vectors().size() != 1)) {
            throw shape(table, "it has not one vector per object", failures);
        }
    }

    private static RuntimeException shape(Schema.Table table, String difference, Failures failures) {
        return failures.refused("has a collection " + table.name() + " of another shape (" + difference
                + "): delete it, and the index is rebuilt, or choose another index.weaviate.prefix");
    }
}
