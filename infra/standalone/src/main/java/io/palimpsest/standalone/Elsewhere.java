package io.palimpsest.standalone;

import io.javalin.config.RoutesConfig;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.ServiceSettings.Service;
import io.palimpsest.platform.http.Routes;
import java.util.List;

/** What a service serves, where this process does not run it: the answer says so. */
record Elsewhere(Service service) implements Routes {
    private static final List<String> INGEST_READS = List.of(
            "/v1/changes/{id}",
            "/v1/status",
            "/v1/quarantine",
            "/v1/collections",
            "/v1/documents",
            "/v1/documents/timeline",
            "/v1/documents/<id>/timeline");
    private static final List<String> INGEST_WRITES =
            List.of("/v1/changes", "/v1/quarantine/retry", "/v1/collections", "/v1/folders/approve-deletes");
    private static final List<String> INDEX_READS = List.of(
            "/v1/collections/{collection}/citations",
            "/v1/citations",
            "/v1/models",
            "/v1/collections/{collection}/generations",
            "/v1/collections/{collection}/generations/{generation}");
    private static final List<String> INDEX_WRITES = List.of(
            "/v1/collections/{collection}/search",
            "/v1/collections/{collection}/answer",
            "/v1/collections/{collection}/generations",
            "/v1/collections/{collection}/generations/{generation}/swap",
            "/v1/collections/{collection}/rollback");

    @Override
    public void register(RoutesConfig routes) {
        boolean ingest = service == Service.INGEST;
        for (String path : ingest ? INGEST_READS : INDEX_READS) {
            routes.get(path, context -> {
                throw notHere();
            });
        }
        for (String path : ingest ? INGEST_WRITES : INDEX_WRITES) {
            routes.post(path, context -> {
                throw notHere();
            });
        }
        if (!ingest) {
            generations(routes);
        }
    }

    private void generations(RoutesConfig routes) {
        routes.delete("/v1/collections/{collection}/generations/{generation}", context -> {
            throw notHere();
        });
        routes.put("/v1/collections/{collection}/generations/{generation}/shadow", context -> {
            throw notHere();
        });
    }

    private PalimpsestException notHere() {
        return new PalimpsestException(
                ErrorCode.SERVICE_ELSEWHERE,
                "this process does not run the " + service.word() + " service, which serves this route");
    }
}
