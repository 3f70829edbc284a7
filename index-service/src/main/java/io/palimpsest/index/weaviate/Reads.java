package io.palimpsest.index.weaviate;

import io.weaviate.client6.v1.api.collections.Vectors;
import io.weaviate.client6.v1.api.collections.WeaviateObject;
import io.weaviate.client6.v1.api.collections.aggregate.Aggregate;
import io.weaviate.client6.v1.api.collections.aggregate.AggregateResponse;
import io.weaviate.client6.v1.api.collections.query.Filter;
import io.weaviate.client6.v1.api.collections.query.Metadata;
import io.weaviate.client6.v1.api.collections.query.SortBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects out of the server; what fails for the moment is asked again. Threading: any. */
record Reads(Connection connection) {
    private Attempts attempts() {
        return connection.attempts();
    }

    List<Item> fetch(Place place, Filter filter, int limit, Collection<String> properties) {
        return fetch(place, filter, null, limit, properties, false);
    }

    List<Item> sorted(Place place, Filter filter, String by, int limit, Collection<String> properties) {
        return fetch(place, filter, SortBy.property(by).asc(), limit, properties, false);
    }

    private List<Item> fetch(
            Place place,
            Filter filter,
            @Nullable SortBy sort,
            int limit,
            Collection<String> properties,
            boolean vectors) {
        return attempts()
                .of(
                        "reading from " + place.collection(),
                        () -> connection.use(place).query.fetchObjects(query -> {
                            query.filters(filter).limit(limit).returnProperties(List.copyOf(properties));
                            if (sort != null) {
                                query.sort(sort);
                            }
                            return vectors ? query.includeVector() : query;
                        }))
                .objects()
                .stream()
                .map(object -> item(object, 0))
                .toList();
    }

    /** Those with the lowest ids, with their vectors. */
    List<Item> first(Place place, int limit, Collection<String> properties) {
        return attempts()
                .of(
                        "reading from " + place.collection(),
                        () -> connection
                                .use(place)
                                .query
                                .fetchObjects(query -> query.limit(limit)
                                        .returnProperties(List.copyOf(properties))
                                        .includeVector()))
                .objects()
                .stream()
                .map(object -> item(object, 0))
                .toList();
    }

    List<Item> byIds(Place place, List<String> ids, Collection<String> properties) {
        return byIds(place, ids, properties, false);
    }

    List<Item> byIdsWithVector(Place place, List<String> ids, Collection<String> properties) {
        return byIds(place, ids, properties, true);
    }

    private List<Item> byIds(Place place, List<String> ids, Collection<String> properties, boolean vectors) {
        List<Item> found = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += Engine.ID_CHUNK) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + Engine.ID_CHUNK));
            found.addAll(fetch(place, uuids(some), null, Engine.ID_CHUNK, properties, vectors));
        }
        return found;
    }

    static Filter uuids(List<String> ids) {
        return Filter.uuid().containsAny(ids.toArray(String[]::new));
    }

    /** Nearest by cosine; the score is the cosine. */
    List<Item> near(Place place, float[] vector, Filter filter, int limit, Collection<String> properties) {
        return attempts()
                .of(
                        "a vector search in " + place.collection(),
                        () -> connection
                                .use(place)
                                .query
                                .nearVector(
                                        vector,
                                        query -> query.filters(filter)
                                                .limit(limit)
                                                .returnProperties(List.copyOf(properties))
                                                .returnMetadata(Metadata.DISTANCE)))
                .objects()
                .stream()
                .map(object ->
                        item(object, Math.clamp(1 - object.queryMetadata().distance(), -1f, 1f)))
                .toList();
    }

    /** Best by BM25 over words between blanks. */
    List<Item> keyword(
            Place place,
            String words,
            String property,
            @Nullable Filter filter,
            int limit,
            Collection<String> properties) {
        return attempts()
                .of(
                        "a keyword search in " + place.collection(),
                        () -> connection.use(place).query.bm25(words, query -> {
                            query.queryProperties(property)
                                    .limit(limit)
                                    .returnProperties(List.copyOf(properties))
                                    .returnMetadata(Metadata.SCORE);
                            return filter == null ? query : query.filters(filter);
                        }))
                .objects()
                .stream()
                .map(object -> item(object, object.queryMetadata().score()))
                .toList();
    }

    private static Item item(WeaviateObject<Map<String, Object>> object, double score) {
        Vectors vectors = object.vectors();
        float[] vector = vectors == null || vectors.size() == 0 ? null : vectors.getDefaultSingle();
        return new Item(object.uuid(), object.properties() == null ? Map.of() : object.properties(), vector, score);
    }

    long count(Place place, Filter filter) {
        AggregateResponse response = attempts()
                .of(
                        "counting in " + place.collection(),
                        () -> connection
                                .use(place)
                                .aggregate
                                .overAll(all -> all.includeTotalCount(true).filters(filter)));
        return response.totalCount() == null ? 0 : response.totalCount();
    }

    long sum(Place place, Filter filter, String property) {
        AggregateResponse response = attempts()
                .of(
                        "adding up in " + place.collection(),
                        () -> connection
                                .use(place)
                                .aggregate
                                .overAll(all -> all.filters(filter)
                                        .includeTotalCount(true)
                                        .metrics(Aggregate.integer(property, numbers -> numbers.sum()))));
        boolean none = response.totalCount() == null || response.totalCount() == 0 || !response.isInteger(property);
        Long sum = none ? null : response.integer(property).sum();
        return sum == null ? 0 : sum;
    }
}
