package io.palimpsest.index.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.answer.CitationResolver;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/collections/{collection}/citations?document=&extracted=&start=&end=}: the text of a citation, as it was. */
public final class CitationRoutes implements Routes {
    private final CitationResolver resolver;

    public CitationRoutes(CitationResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(
                "/v1/collections/{collection}/citations", context -> resolve(context, context.pathParam("collection")));
        routes.get("/v1/citations", context -> resolve(context, required(context, "collection")));
    }

    private void resolve(Context context, String collection) {
        Caller caller = Callers.require(context, Role.SEARCH);
        DocumentKey key;
        ContentHash extracted;
        try {
            key = DocumentKey.of(Scope.collection(collection, caller), required(context, "document"));
            extracted = new ContentHash(required(context, "extracted"));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, String.valueOf(e.getMessage()), e);
        }
        context.json(resolver.resolve(caller, key, extracted, number(context, "start"), number(context, "end"))
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such citation for this key")));
    }

    private static String required(Context context, String parameter) {
        @Nullable String value = context.queryParam(parameter);
        if (value == null || value.isEmpty()) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, parameter + ": is missing");
        }
        return value;
    }

    private static int number(Context context, String parameter) {
        try {
            return Integer.parseInt(required(context, parameter));
        } catch (NumberFormatException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, parameter + ": is not a number", e);
        }
    }
}
