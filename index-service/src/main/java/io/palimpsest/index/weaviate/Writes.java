package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.weaviate.client6.v1.api.collections.Vectors;
import io.weaviate.client6.v1.api.collections.WeaviateObject;
import io.weaviate.client6.v1.api.collections.data.DeleteManyResponse;
import io.weaviate.client6.v1.api.collections.data.InsertManyResponse;
import io.weaviate.client6.v1.api.collections.query.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects into the server and out of it for good; every result of a batch is looked at. Threading: any.
 *
 * @param reads of the same server
 */
record Writes(Connection connection, Reads reads, Together together) {
    private Attempts attempts() {
        return connection.attempts();
    }

    /**
     * Inserts or replaces, by id, each object once. A failure leaves open what became of them, and the same objects must not
     * be sent again: a server that was killed, or gave up, after it stored an object and before it put it into its graph and
     * its filters takes the same object for unchanged, and leaves it out of them for good.
     *
     * @throws PalimpsestException after every batch that was sent has been answered or given up
     */
    void insert(Place place, List<Item> items) {
        List<Runnable> batches = new ArrayList<>();
        int size = connection.settings().batch();
        for (int from = 0; from < items.size(); from += size) {
            List<Item> batch = items.subList(from, Math.min(items.size(), from + size));
            batches.add(() -> insertBatch(place, batch));
        }
        together.all(batches);
    }

    /** Replaces an object that is there, where nothing changes that filters look at; or repeats such a change. */
    void replace(Place place, Item item) {
        again(() -> insertBatch(place, List.of(item)));
    }

    /** Inserts an object that nobody knows yet: what a failed attempt may have left is deleted before the next. */
    void insertFirst(Place place, Item item) {
        again(() -> {
            try {
                insertBatch(place, List.of(item));
            } catch (PalimpsestException e) {
                deleteEach(place, List.of(item.id()));
                throw e;
            }
        });
    }

    /** Until it works, or no attempt is left. */
    void again(Runnable write) {
        for (int attempt = 1; ; attempt++) {
            try {
                write.run();
                return;
            } catch (PalimpsestException e) {
                if (e.code() != ErrorCode.INDEX_UNAVAILABLE
                        || attempt >= attempts().most()) {
                    throw e;
                }
                attempts().pause(attempt);
            }
        }
    }

    private void insertBatch(Place place, List<Item> batch) {
        String what = "writing " + batch.size() + " objects to " + place.collection();
        InsertManyResponse response = together.inTurn(() -> attempts()
                .once(
                        what,
                        () -> connection
                                .use(place)
                                .data
                                .insertMany(batch.stream()
                                        .map(item -> object(place, item))
                                        .toList())));
        Failures.@Nullable Failure worst = null;
        for (InsertManyResponse.InsertObject one : response.responses()) {
            if (!one.successful()) {
                Failures.Failure failure = Failures.ofObject(one.error());
                worst = worst == null || !failure.kind().isPassing() ? failure : worst;
            }
        }
        if (worst != null) {
            throw connection.failures().exception(worst, what, 1, null);
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
        attempts().of("writing to " + place.collection(), () -> {
            try {
                connection.use(place).data.insert(item.properties(), object -> object.uuid(item.id()));
            } catch (Exception e) {
                if (reads.byIds(place, List.of(item.id()), List.of()).isEmpty()) {
                    throw e;
                }
            }
            return true;
        });
    }

    void deleteIds(Place place, List<String> ids) {
        for (int from = 0; from < ids.size(); from += Engine.ID_CHUNK) {
            delete(place, Reads.uuids(ids.subList(from, Math.min(ids.size(), from + Engine.ID_CHUNK))));
        }
    }

    /** Deletes without looking for them; those that are not there are deleted already. */
    void deleteEach(Place place, List<String> ids) {
        for (String id : ids) {
            attempts()
                    .of(
                            "deleting from " + place.collection(),
                            () -> connection.use(place).data.deleteById(id));
        }
    }

    /** Deletes until nothing matches: a server deletes a limited number at a time. */
    void delete(Place place, Filter filter) {
        int fruitless = 0;
        while (true) {
            DeleteManyResponse response = attempts()
                    .of(
                            "deleting from " + place.collection(),
                            () -> connection.use(place).data.deleteMany(filter, how -> how.verbose(true)));
            if (response.matches() == 0) {
                return;
            }
            if (response.failed() == 0 && response.successful() == response.matches()) {
                return;
            }
            if (response.failed() == 0 && response.successful() > 0) {
                continue; // as many as it deletes at a time
            }
            fruitless = response.successful() > 0 ? 1 : fruitless + 1;
            Failures.Failure failure = response.objects().stream()
                    .filter(one -> !one.successful())
                    .map(one -> Failures.ofObject(one.error()))
                    .findFirst()
                    .orElseGet(() -> Failures.ofObject("timeout"));
            if (fruitless >= connection.settings().attempts() || failure.kind() == Failures.Kind.READ_ONLY) {
                throw connection
                        .failures()
                        .exception(
                                failure,
                                "deleting " + response.failed() + " of " + response.matches() + " objects from "
                                        + place.collection(),
                                fruitless,
                                null);
            }
            attempts().pause(fruitless);
        }
    }
}
