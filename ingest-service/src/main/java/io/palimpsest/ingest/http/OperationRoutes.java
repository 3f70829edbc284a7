package io.palimpsest.ingest.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.ingest.source.FolderProgress;
import io.palimpsest.ingest.source.FolderSource;
import io.palimpsest.ingest.source.s3.S3Progress;
import io.palimpsest.ingest.source.s3.S3Source;
import io.palimpsest.ingest.timeline.FlowStatus;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Status, quarantine, folders and collections, for operators. */
final class OperationRoutes implements Routes {
    private final FlowStatus status;
    private final Quarantine quarantine;
    private final CollectionRegistry collections;
    private final Sources sources;

    /** What follows the changes of others by itself. */
    record Sources(List<FolderSource> folders, List<S3Source> buckets) {}

    OperationRoutes(FlowStatus status, Quarantine quarantine, CollectionRegistry collections, Sources sources) {
        this.status = status;
        this.quarantine = quarantine;
        this.collections = collections;
        this.sources = sources;
    }

    /** Body of a retry: an entry, or all of a collection, or all. */
    private record RetryRequest(
            @Nullable String entry, @Nullable Boolean all) {}

    private record CreateRequest(@Nullable String collection) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/status", this::status);
        routes.get("/v1/quarantine", this::quarantine);
        routes.post("/v1/quarantine/retry", this::retry);
        routes.get("/v1/collections", this::collections);
        routes.post("/v1/collections", this::create);
        routes.post("/v1/folders/approve-deletes", this::approveDeletes);
    }

    private void status(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        FlowStatus.Status flow = status.of(caller);
        context.json(Map.of(
                "total", flow.total(),
                "collections", flow.collections(),
                "folders", folders(caller).map(FolderSource::progress).toList(),
                "buckets", buckets(caller).map(S3Source::progress).toList()));
    }

    private void quarantine(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        CollectionKey only = Access.named(context);
        context.json(Map.of("total", quarantine.count(caller, only), "entries", quarantine.list(caller, only)));
    }

    private void retry(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        RetryRequest request = read(context, RetryRequest.class);
        if (request.entry() != null) {
            quarantine.retry(caller, request.entry());
            context.status(202).json(Map.of("retried", 1));
        } else if (Boolean.TRUE.equals(request.all())) {
            context.status(202).json(Map.of("retried", quarantine.retryAll(caller, Access.named(context))));
        } else {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "give an entry, or \"all\": true");
        }
    }

    private void collections(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        context.json(Map.of(
                "collections",
                collections.list(caller.tenant()).stream()
                        .filter(created -> Access.mayUse(caller, created.collection()))
                        .toList()));
    }

    private void create(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        String name = read(context, CreateRequest.class).collection();
        if (name == null) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "give the name of the collection");
        }
        CollectionKey key;
        try {
            key = new CollectionKey(caller.tenant(), new CollectionId(name));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, String.valueOf(e.getMessage()), e);
        }
        if (!caller.mayUse(key.collection())) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "this key may not use a collection of this name");
        }
        boolean made = collections.create(key, "key:" + caller.name());
        // Told again where it was there: whoever created it may have died before the entry was delivered.
        collections.list(key.tenant()).stream()
                .filter(created -> created.collection().equals(name))
                .forEach(created -> quarantine.acts().created(key, created));
        context.status(made ? 201 : 200).json(Map.of("collection", name));
    }

    private void approveDeletes(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        List<FolderSource> holding = folders(caller)
                .filter(folder -> folder.progress().heldDeletes() > 0)
                .toList();
        for (FolderSource folder : holding) {
            FolderProgress progress = folder.progress();
            quarantine.acts().approvedDeletes(caller, folder.collection(), progress.folder(), progress.heldDeletes());
            folder.approveDeletes();
        }
        List<S3Source> holdingBuckets = buckets(caller)
                .filter(bucket -> bucket.progress().heldDeletes() > 0)
                .toList();
        for (S3Source bucket : holdingBuckets) {
            S3Progress progress = bucket.progress();
            quarantine.acts().approvedDeletes(caller, bucket.collection(), progress.bucket(), progress.heldDeletes());
            bucket.approveDeletes();
        }
        context.status(202).json(Map.of("folders", holding.size(), "buckets", holdingBuckets.size()));
    }

    private Stream<FolderSource> folders(Caller caller) {
        return sources.folders().stream().filter(folder -> caller.mayUse(folder.collection()));
    }

    private Stream<S3Source> buckets(Caller caller) {
        return sources.buckets().stream().filter(bucket -> caller.mayUse(bucket.collection()));
    }

    private static <T> T read(Context context, Class<T> type) {
        try {
            return Json.read(context.bodyAsBytes(), type);
        } catch (UncheckedIOException e) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "the body is not JSON of the documented form", e);
        }
    }
}
