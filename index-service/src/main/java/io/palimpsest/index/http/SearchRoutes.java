package io.palimpsest.index.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.index.search.SearchBody;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.platform.config.SearchSettings;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;

/** {@code POST /v1/collections/{collection}/search}. */
public final class SearchRoutes implements Routes {
    private final SearchService search;
    private final SearchSettings settings;
    private final RequestBodies bodies = new RequestBodies();

    public SearchRoutes(SearchService search, SearchSettings settings) {
        this.search = search;
        this.settings = settings;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/v1/collections/{collection}/search", this::search);
    }

    private void search(Context context) {
        Caller caller = Callers.require(context, Role.SEARCH);
        SearchBody body = bodies.read(context.body());
        Scope.requireTarget(caller, body.target());
        context.json(search.search(caller, Scope.collection(context, caller), body.toRequest(settings), body.target()));
    }
}
