package io.palimpsest.retrain.cost;

import io.javalin.config.RoutesConfig;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Role;

/** {@code GET /v1/collections/{collection}/costs}. */
public final class CostRoutes implements Routes {
    private static final String COSTS = "/v1/collections/{collection}/costs";

    private final CostReports reports;

    public CostRoutes(CostReports reports) {
        this.reports = reports;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(COSTS, context -> {
            Callers.require(context, Role.OPERATE);
            context.json(reports.of(Callers.collection(context, "collection")));
        });
    }
}
