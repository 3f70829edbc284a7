package io.palimpsest.standalone;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.ServiceSettings.Service;
import io.palimpsest.platform.http.Routes;
import java.util.List;

/** What a service serves, where this process does not run it: the answer says so. */
record Elsewhere(Service service) implements Routes {
    private static final String COLLECTION = "/v1/collections/{collection}";
    private static final String MANIFESTS = COLLECTION + "/generations/{generation}/manifests";
    private static final List<String> INGEST = List.of(
            "GET /v1/changes/{id}",
            "GET /v1/status",
            "GET /v1/quarantine",
            "GET /v1/collections",
            "GET /v1/documents",
            "GET /v1/documents/timeline",
            "GET /v1/documents/<id>/timeline",
            "POST /v1/changes",
            "POST /v1/quarantine/retry",
            "POST /v1/collections",
            "POST /v1/folders/approve-deletes",
            "GET /v1/sources",
            "POST /v1/sources/s3/{name}/notifications",
            "POST /v1/sources/{source}/reconcile",
            "GET /v1/reconciliations/{id}",
            "POST /v1/reconciliations/{id}/cancel");
    private static final List<String> INDEX = List.of(
            "GET " + COLLECTION + "/citations",
            "GET /v1/citations",
            "GET /v1/models",
            "GET " + COLLECTION + "/citing",
            "GET " + COLLECTION + "/queries/{query}/receipt",
            "POST " + COLLECTION + "/queries/{query}/rerun",
            "GET " + COLLECTION + "/generations",
            "GET " + COLLECTION + "/generations/{generation}",
            "POST " + COLLECTION + "/search",
            "POST " + COLLECTION + "/answer",
            "POST " + COLLECTION + "/generations",
            "POST " + COLLECTION + "/generations/{generation}/swap",
            "POST " + COLLECTION + "/rollback",
            "DELETE " + COLLECTION + "/generations/{generation}",
            "PUT " + COLLECTION + "/generations/{generation}/shadow",
            "GET " + MANIFESTS,
            "POST " + MANIFESTS,
            "GET " + MANIFESTS + "/proof",
            "GET " + MANIFESTS + "/{id}/leaves",
            "GET " + MANIFESTS + "/{id}/entry");
    private static final List<String> RETRAIN = List.of(
            "POST /v1/feedback",
            "GET " + COLLECTION + "/review",
            "GET " + COLLECTION + "/review/next",
            "POST " + COLLECTION + "/review/{item}",
            "POST " + COLLECTION + "/judgements:import",
            "GET " + COLLECTION + "/judgements:export",
            "GET " + COLLECTION + "/drift",
            "POST " + COLLECTION + "/drift/reference",
            "GET " + COLLECTION + "/runs",
            "POST " + COLLECTION + "/runs",
            "GET /v1/runs/{run}",
            "GET /v1/runs/{run}/report",
            "GET /v1/runs/{run}/log",
            "GET " + COLLECTION + "/costs",
            "POST /v1/runs/{run}/approve",
            "POST /v1/runs/{run}/reject",
            "POST /v1/runs/{run}/cancel",
            "GET " + COLLECTION + "/learned",
            "POST " + COLLECTION + "/reconcile",
            "GET " + COLLECTION + "/erasures",
            "POST " + COLLECTION + "/erasures",
            "GET /v1/erasures/{erasure}",
            "GET " + COLLECTION + "/holds",
            "POST " + COLLECTION + "/holds",
            "POST " + COLLECTION + "/holds/{hold}/release",
            "POST " + COLLECTION + "/suppressions/lift",
            "GET " + COLLECTION + "/tainted");

    private static final List<String> LEDGER = List.of(
            "GET /log/checkpoint",
            "GET /log/tile/<tile>",
            "GET /v1/ledger",
            "GET /v1/ledger/proofs/{index}",
            "GET " + COLLECTION + "/ledger/document",
            "GET " + COLLECTION + "/ledger/live",
            "GET " + COLLECTION + "/ledger/query",
            "GET " + COLLECTION + "/ledger/pack",
            "GET /v1/erasures/{erasure}/certificate");

    @Override
    public void register(RoutesConfig routes) {
        Handler elsewhere = context -> {
            throw new PalimpsestException(
                    ErrorCode.SERVICE_ELSEWHERE,
                    "this process does not run the " + service.word() + " service, which serves this route");
        };
        for (String route : served()) {
            String path = route.substring(route.indexOf(' ') + 1);
            switch (route.substring(0, route.indexOf(' '))) {
                case "GET" -> routes.get(path, elsewhere);
                case "POST" -> routes.post(path, elsewhere);
                case "PUT" -> routes.put(path, elsewhere);
                case "DELETE" -> routes.delete(path, elsewhere);
                default -> throw new IllegalStateException(route);
            }
        }
    }

    /** Each as method and path. */
    List<String> served() {
        return switch (service) {
            case INGEST -> INGEST;
            case INDEX -> INDEX;
            case RETRAIN -> RETRAIN;
            case LEDGER -> LEDGER;
        };
    }
}
