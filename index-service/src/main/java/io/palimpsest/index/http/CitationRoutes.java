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
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/collections/{collection}/citations?document=&extracted=&start=&end=[&asOf=]}: the text of a citation, as it was. */
public final class CitationRoutes implements Routes {
    private final CitationResolver resolver;

    public CitationRoutes(CitationResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(
                "/v1/collections/{collection}/citations",
                context -> resolve(context, each -> each.pathParam("collection")));
        routes.get("/v1/citations", context -> resolve(context, each -> required(each, "collection")));
    }

    private void resolve(Context context, Function<Context, String> named) {
        Caller caller = Callers.require(context, Role.SEARCH); // before the request is looked at
        String collection = named.apply(context);
        DocumentKey key;
        ContentHash extracted;
        try {
            key = DocumentKey.of(Scope.collection(collection, caller), required(context, "document"));
            extracted = new ContentHash(required(context, "extracted"));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, String.valueOf(e.getMessage()), e);
        }
        CitationResolver.Place place =
                new CitationResolver.Place(extracted, number(context, "start"), number(context, "end"));
        context.json(resolver.resolve(caller, key, place, asOf(context))
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

    private static @Nullable Instant asOf(Context context) {
        String value = context.queryParam("asOf");
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new PalimpsestException(
                    ErrorCode.QUERY_INVALID, "asOf: is not a moment such as 2026-01-31T12:00:00Z", e);
        }
    }

    private static int number(Context context, String parameter) {
        try {
            return Integer.parseInt(required(context, parameter));
        } catch (NumberFormatException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, parameter + ": is not a number", e);
        }
    }
}
