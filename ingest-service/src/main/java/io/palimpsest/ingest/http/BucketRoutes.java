package io.palimpsest.ingest.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.source.s3.S3Notice;
import io.palimpsest.ingest.source.s3.S3Notices;
import io.palimpsest.ingest.source.s3.S3Source;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code POST /v1/sources/s3/{name}/notifications}: bucket notifications by webhook. */
final class BucketRoutes implements Routes {
    /** S3 sends a record or some; a hundred objects take a tenth of this. */
    private static final long MAX_BYTES = 1 << 20;

    private final List<S3Source> buckets;

    BucketRoutes(List<S3Source> buckets) {
        this.buckets = buckets;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/v1/sources/s3/{name}/notifications", this::notified);
    }

    /** Answers when all that is named was looked at: whoever gets another answer than 2xx sends it again. */
    private void notified(Context context) throws IOException {
        Caller caller = Callers.require(context, Role.PUBLISH);
        String name = context.pathParam("name");
        S3Source source = buckets.stream()
                .filter(bucket -> bucket.name().equals(name) && caller.mayUse(bucket.collection()))
                .findFirst()
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.NOT_FOUND, "there is no watched bucket of this name for this key"));
        List<S3Notice> notices = S3Notices.read(new LimitedBody(context.bodyInputStream(), MAX_BYTES).all());
        source.noticed(notices);
        context.status(202).json(Map.of("notices", notices.size()));
    }
}
