package io.palimpsest.bench;

import io.palimpsest.testkit.engine.WeaviateEngine;
import io.weaviate.client6.v1.api.WeaviateClient;
import io.weaviate.client6.v1.api.collections.CollectionHandle;
import io.weaviate.client6.v1.api.collections.Vectors;
import io.weaviate.client6.v1.api.collections.WeaviateObject;
import io.weaviate.client6.v1.api.collections.data.InsertManyResponse;
import io.weaviate.client6.v1.api.collections.query.Filter;
import io.weaviate.client6.v1.api.collections.query.NearVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a program does that uses Weaviate's client and nothing else: the loop of batches and the single calls. */
final class WeaviateLoop implements AutoCloseable {
    /** Objects of one {@code insertMany}, the same as the setting's default. */
    static final int BATCH = 200;

    private static final String TENANT = "bench";
    private static final long OPEN_END = 9_000_000_000_000_000L;
    private static final int PAGE = 500;

    private final WeaviateClient client;
    private final Map<String, CollectionHandle<Map<String, Object>>> handles = new HashMap<>();

    /** Objects in the client's form, made before the clock starts. */
    record Objects(List<WeaviateObject<Map<String, Object>>> list) {
        static Objects all(List<Objects> parts) {
            return new Objects(
                    parts.stream().flatMap(part -> part.list().stream()).toList());
        }

        int size() {
            return list.size();
        }
    }

    WeaviateLoop(WeaviateEngine engine) {
        client = WeaviateClient.connectToCustom(connection -> connection
                .scheme("http")
                .httpHost(engine.host())
                .httpPort(engine.httpPort())
                .grpcHost(engine.host())
                .grpcPort(engine.grpcPort())
                .timeout(60));
    }

    private CollectionHandle<Map<String, Object>> passages(String prefix) {
        try {
            String name = client.collections.list().stream()
                    .map(collection -> collection.collectionName())
                    .filter(found -> found.startsWith(prefix + "_") && found.endsWith("_Passages"))
                    .findFirst()
                    .orElseThrow();
            return client.collections.use(name).withTenant(TENANT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By document. */
    Map<String, Objects> objects(String prefix) {
        CollectionHandle<Map<String, Object>> handle = passages(prefix);
        Map<String, List<WeaviateObject<Map<String, Object>>>> byDocument = new HashMap<>();
        String after = null;
        while (true) {
            String last = after;
            List<WeaviateObject<Map<String, Object>>> page = handle.query
                    .fetchObjects(query -> {
                        query.limit(PAGE).includeVector();
                        return last == null ? query : query.after(last);
                    })
                    .objects();
            if (page.isEmpty()) {
                break;
            }
            for (WeaviateObject<Map<String, Object>> object : page) {
                Object hex = object.properties().get("document");
                if (hex == null) {
                    continue; // not a passage
                }
                String document = new String(HexFormat.of().parseHex((String) hex), StandardCharsets.UTF_8);
                byDocument.computeIfAbsent(document, key -> new ArrayList<>()).add(copy(object));
            }
            after = page.getLast().uuid();
        }
        Map<String, Objects> objects = new HashMap<>();
        byDocument.forEach((document, list) -> objects.put(document, new Objects(list)));
        return objects;
    }

    private static WeaviateObject<Map<String, Object>> copy(WeaviateObject<Map<String, Object>> object) {
        return WeaviateObject.of(same -> same.uuid(object.uuid())
                .properties(object.properties())
                .tenant(TENANT)
                .vectors(Vectors.of(object.vectors().getDefaultSingle())));
    }

    void insert(String prefix, Objects objects) {
        CollectionHandle<Map<String, Object>> handle = handles.computeIfAbsent(prefix, this::passages);
        for (int from = 0; from < objects.size(); from += BATCH) {
            InsertManyResponse response =
                    handle.data.insertMany(objects.list().subList(from, Math.min(objects.size(), from + BATCH)));
            if (!response.errors().isEmpty()) {
                throw new IllegalStateException(response.errors().getFirst());
            }
        }
    }

    /** @return hits */
    int search(String prefix, float @Nullable [] vector, @Nullable String text, int limit) {
        CollectionHandle<Map<String, Object>> handle = handles.computeIfAbsent(prefix, this::passages);
        Filter visible = Filter.and(
                Filter.property("access").containsAny(List.of("=user:bench", "=*")),
                Filter.property("validTo").eq(OPEN_END));
        List<String> keys = List.of("document", "passage", "born");
        if (vector == null) {
            return handle.query
                    .bm25(
                            text,
                            query -> query.queryProperties("stems")
                                    .filters(visible)
                                    .limit(limit)
                                    .returnProperties(keys))
                    .objects()
                    .size();
        } else if (text == null) {
            return handle.query
                    .nearVector(
                            vector, query -> query.filters(visible).limit(limit).returnProperties(keys))
                    .objects()
                    .size();
        } else {
            return handle.query
                    .hybrid(
                            text,
                            query -> query.queryProperties("stems")
                                    .nearVector(NearVector.of(vector))
                                    .filters(visible)
                                    .limit(limit)
                                    .returnProperties(keys))
                    .objects()
                    .size();
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
