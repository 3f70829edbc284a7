package io.palimpsest.index.weaviate;

import io.palimpsest.platform.config.WeaviateSettings;
import io.weaviate.client6.v1.api.collections.Vectors;
import io.weaviate.client6.v1.api.collections.WeaviateObject;
import io.weaviate.client6.v1.api.collections.aggregate.Aggregate;
import io.weaviate.client6.v1.api.collections.aggregate.AggregateResponse;
import io.weaviate.client6.v1.api.collections.data.DeleteManyResponse;
import io.weaviate.client6.v1.api.collections.data.InsertManyResponse;
import io.weaviate.client6.v1.api.collections.query.Filter;
import io.weaviate.client6.v1.api.collections.query.Metadata;
import io.weaviate.client6.v1.api.collections.query.SortBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects in and out, one failure type, every result of a batch looked at, transient failures tried again
 * (all that is sent here may be sent twice). Threading: any.
 */
final class Engine implements AutoCloseable {
    /** What a server gives at most for one query, unless it is configured otherwise. */
    static final int MAX_RESULTS = 10_000;

    private static final int ID_CHUNK = 500;

    private final Connection connection;
    private final WeaviateSettings settings;
    private final Failures failures;
    private final Attempts attempts;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param connection closed with this */
    Engine(Connection connection) {
        this.connection = connection;
        this.settings = connection.settings();
        this.failures = connection.failures();
        this.attempts = connection.attempts();
    }

    Connection connection() {
        return connection;
    }

    WeaviateSettings settings() {
        return settings;
    }

    String address() {
        return settings.address();
    }

    /** Inserts or replaces, by id. */
    void insert(Place place, List<Item> items) {
        for (int from = 0; from < items.size(); from += settings.batch()) {
            insertBatch(place, items.subList(from, Math.min(items.size(), from + settings.batch())));
        }
    }

    private void insertBatch(Place place, List<Item> batch) {
        List<Item> left = batch;
        for (int attempt = 1; ; attempt++) {
            List<WeaviateObject<Map<String, Object>>> objects =
                    left.stream().map(item -> object(place, item)).toList();
            InsertManyResponse response = attempts.of(
                    "writing " + left.size() + " objects to " + place.collection(),
                    () -> connection.use(place).data.insertMany(objects));
            List<Item> failed = new ArrayList<>();
            Failures.@Nullable Failure worst = null;
            for (int i = 0; i < response.responses().size(); i++) {
                InsertManyResponse.InsertObject one = response.responses().get(i);
                if (!one.successful()) {
                    failed.add(left.get(i));
                    Failures.Failure failure = Failures.ofObject(one.error());
                    worst = worst == null || !failure.kind().isPassing() ? failure : worst;
                }
            }
            if (worst == null) {
                return;
            }
            if (!worst.kind().isPassing() || attempt >= settings.attempts()) {
                throw failures.exception(
                        worst,
                        "writing " + failed.size() + " of " + batch.size() + " objects to " + place.collection(),
                        attempt,
                        null);
            }
            attempts.pause(attempt);
            left = failed;
        }
    }

    private static WeaviateObject<Map<String, Object>> object(Place place, Item item) {
        return WeaviateObject.of(object -> {
            object.uuid(item.id()).properties(item.properties());
            if (place.tenant() != null) {
                object.tenant(place.tenant());
            }
            float[] vector = item.vector();
            return vector == null ? object : object.vectors(Vectors.of(vector));
        });
    }

    /** Inserts unless it is there: of several who try, one succeeds, and nobody fails. */
    void insertNew(Place place, Item item) {
        attempts.of("writing to " + place.collection(), () -> {
            try {
                connection.use(place).data.insert(item.properties(), object -> object.uuid(item.id()));
            } catch (Exception e) {
                if (byIds(place, List.of(item.id()), List.of()).isEmpty()) {
                    throw e;
                }
            }
            return true;
        });
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
        return attempts
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

    List<Item> byIds(Place place, List<String> ids, Collection<String> properties) {
        return byIds(place, ids, properties, false);
    }

    List<Item> byIdsWithVector(Place place, List<String> ids, Collection<String> properties) {
        return byIds(place, ids, properties, true);
    }

    private List<Item> byIds(Place place, List<String> ids, Collection<String> properties, boolean vectors) {
        List<Item> found = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += ID_CHUNK) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + ID_CHUNK));
            found.addAll(fetch(place, uuids(some), null, ID_CHUNK, properties, vectors));
        }
        return found;
    }

    private static Filter uuids(List<String> ids) {
        return Filter.uuid().containsAny(ids.toArray(String[]::new));
    }

    /** Nearest by cosine; the score is the cosine. */
    List<Item> near(Place place, float[] vector, Filter filter, int limit, Collection<String> properties) {
        return attempts
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
        return attempts
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
        AggregateResponse response = attempts.of(
                "counting in " + place.collection(),
                () -> connection
                        .use(place)
                        .aggregate
                        .overAll(all -> all.includeTotalCount(true).filters(filter)));
        return response.totalCount() == null ? 0 : response.totalCount();
    }

    long sum(Place place, Filter filter, String property) {
        AggregateResponse response = attempts.of(
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

    void deleteIds(Place place, List<String> ids) {
        for (int from = 0; from < ids.size(); from += ID_CHUNK) {
            delete(place, uuids(ids.subList(from, Math.min(ids.size(), from + ID_CHUNK))));
        }
    }

    /** Deletes without looking for them; those that are not there are deleted already. */
    void deleteEach(Place place, List<String> ids) {
        for (String id : ids) {
            attempts.of(
                    "deleting from " + place.collection(),
                    () -> connection.use(place).data.deleteById(id));
        }
    }

    /** Deletes until nothing matches: a server deletes a limited number at a time. */
    void delete(Place place, Filter filter) {
        int fruitless = 0;
        while (true) {
            DeleteManyResponse response = attempts.of(
                    "deleting from " + place.collection(),
                    () -> connection.use(place).data.deleteMany(filter, how -> how.verbose(true)));
            if (response.matches() == 0) {
                return;
            }
            if (response.failed() == 0 && response.successful() == response.matches()) {
                if (response.matches() < MAX_RESULTS) {
                    return;
                }
                fruitless = 0;
                continue;
            }
            fruitless = response.successful() > 0 ? 1 : fruitless + 1;
            Failures.Failure failure = response.objects().stream()
                    .filter(one -> !one.successful())
                    .map(one -> Failures.ofObject(one.error()))
                    .findFirst()
                    .orElseGet(() -> Failures.ofObject("timeout"));
            if (fruitless >= settings.attempts() || failure.kind() == Failures.Kind.READ_ONLY) {
                throw failures.exception(
                        failure,
                        "deleting " + response.failed() + " of " + response.matches() + " objects from "
                                + place.collection(),
                        fruitless,
                        null);
            }
            attempts.pause(fruitless);
        }
    }

    /** Both at the same time. */
    <A, B, C> C both(Supplier<A> one, Supplier<B> other, BiFunction<A, B, C> join) {
        CompletableFuture<A> first = CompletableFuture.supplyAsync(one, threads);
        B second;
        try {
            second = other.get();
        } catch (RuntimeException e) {
            first.cancel(true);
            throw e;
        }
        try {
            return join.apply(first.join(), second);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        connection.close();
    }
}
