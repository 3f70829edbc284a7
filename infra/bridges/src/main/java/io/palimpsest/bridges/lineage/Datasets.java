package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.DatasetFacets;
import io.openlineage.client.OpenLineage.DatasetFacetsBuilder;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.palimpsest.contracts.id.CollectionKey;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our things as datasets, in one namespace:
 *
 * <ul>
 *   <li>{@code TENANT/COLLECTION/source/SOURCE}: a content system; no version
 *   <li>{@code TENANT/COLLECTION/documents}: the documents' current revisions; no version
 *   <li>{@code TENANT/COLLECTION/index}: the index; its version is the generation
 *   <li>{@code TENANT/COLLECTION/training-set}: its version is the hash
 *   <li>{@code model/NAME/PRECISION}: its version is the last part of the model's id, which is made of its files' hashes
 * </ul>
 */
final class Datasets {
    private final OpenLineage words;
    private final String namespace;

    Datasets(OpenLineage words, String namespace) {
        this.words = words;
        this.namespace = namespace;
    }

    /** What is said of one dataset. */
    record Described(String name, DatasetFacets facets) {}

    Described source(CollectionKey collection, String source) {
        DatasetFacetsBuilder facets = facets("A content system that sends changes.", null, Map.of());
        return new Described(
                collection + "/source/" + source,
                facets.dataSource(words.newDatasourceDatasetFacet(source, address(source)))
                        .build());
    }

    Described documents(CollectionKey collection) {
        return described(
                collection + "/documents", "The current revisions of the collection's documents.", null, Map.of());
    }

    /** @param facts ids and counts */
    Described index(CollectionKey collection, String generation, Map<String, Object> facts) {
        return described(
                collection + "/index", "The collection's index; a version is a generation.", generation, facts);
    }

    Described trainingSet(CollectionKey collection, String hash) {
        return described(
                collection + "/training-set",
                "Judgements with the passages they speak of; a version is a hash.",
                hash,
                Map.of("sha256", hash));
    }

    Described model(String model) {
        int version = model.lastIndexOf('/');
        return described(
                "model/" + (version < 0 ? model : model.substring(0, version)),
                "A model's files; a version is made of their hashes.",
                version < 0 ? null : model.substring(version + 1),
                Map.of("model", model));
    }

    InputDataset input(Described dataset) {
        return words.newInputDatasetBuilder()
                .namespace(namespace)
                .name(dataset.name())
                .facets(dataset.facets())
                .build();
    }

    OutputDataset output(Described dataset) {
        return words.newOutputDatasetBuilder()
                .namespace(namespace)
                .name(dataset.name())
                .facets(dataset.facets())
                .build();
    }

    /** @param rows changes, or passages */
    OutputDataset output(Described dataset, long rows) {
        return words.newOutputDatasetBuilder()
                .namespace(namespace)
                .name(dataset.name())
                .facets(dataset.facets())
                .outputFacets(words.newOutputDatasetOutputFacetsBuilder()
                        .outputStatistics(words.newOutputStatisticsOutputDatasetFacetBuilder()
                                .rowCount(rows)
                                .build())
                        .build())
                .build();
    }

    private Described described(String name, String says, @Nullable String version, Map<String, Object> facts) {
        return new Described(name, facets(says, version, facts).build());
    }

    private DatasetFacetsBuilder facets(String says, @Nullable String version, Map<String, Object> facts) {
        DatasetFacetsBuilder facets = words.newDatasetFacetsBuilder()
                .documentation(words.newDocumentationDatasetFacetBuilder()
                        .description(says)
                        .build());
        if (version != null) {
            facets.version(words.newDatasetVersionDatasetFacet(version));
        }
        if (!facts.isEmpty()) {
            OpenLineage.DatasetFacet own = words.newDatasetFacet();
            own.getAdditionalProperties().putAll(facts);
            facets.put(LineageEvents.FACET, own);
        }
        return facets;
    }

    private static @Nullable URI address(String source) {
        try {
            URI uri = URI.create(source);
            return uri.isAbsolute() ? uri : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
