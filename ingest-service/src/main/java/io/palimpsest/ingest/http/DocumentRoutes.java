package io.palimpsest.ingest.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ingest.timeline.Timeline;
import io.palimpsest.platform.http.Routes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/documents} and their timelines, of the caller's tenant and collections. */
final class DocumentRoutes implements Routes {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    private final Timeline timeline;
    private final String defaultCollection;

    DocumentRoutes(Timeline timeline, String defaultCollection) {
        this.timeline = timeline;
        this.defaultCollection = defaultCollection;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/documents", this::list);
        routes.get("/v1/documents/timeline", context -> timeline(context, context.queryParam("id")));
        // <id> takes slashes: ids are URIs, and some clients do not encode them.
        routes.get("/v1/documents/<id>/timeline", context -> timeline(context, context.pathParam("id")));
    }

    private void list(Context context) {
        Access.followsChanges(context);
        CollectionKey collection = Access.orDefault(context, defaultCollection);
        String state = context.queryParam("state");
        List<Timeline.Document> page = timeline.documents(new Timeline.DocumentFilter(
                collection,
                context.queryParam("prefix"),
                state == null ? null : state.toUpperCase(Locale.ROOT),
                context.queryParam("after"),
                limit(context.queryParam("limit"))));
        context.json(Map.of("documents", page));
    }

    private void timeline(Context context, @Nullable String id) {
        Access.followsChanges(context);
        CollectionKey collection = Access.orDefault(context, defaultCollection);
        Timeline.Document document = key(collection, id)
                .flatMap(timeline::document)
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such document for this key"));
        DocumentKey key =
                new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(document.document()));
        context.json(Map.of("document", document, "changes", timeline.changes(key)));
    }

    private static Optional<DocumentKey> key(CollectionKey collection, @Nullable String id) {
        if (id == null) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "give the document's id");
        }
        try {
            return Optional.of(new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(id)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new PalimpsestException(ErrorCode.DATA_INVALID, "limit is a number from 1 to " + MAX_LIMIT);
    }
}
