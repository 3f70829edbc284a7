package io.palimpsest.ingest.http;

import io.javalin.config.RoutesConfig;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.ingest.reconcile.Reconciliations;
import io.palimpsest.ingest.source.FolderSource;
import io.palimpsest.ingest.source.s3.S3Source;
import io.palimpsest.ingest.timeline.FlowStatus;
import io.palimpsest.ingest.timeline.Timeline;
import io.palimpsest.platform.config.IntakeSettings;
import io.palimpsest.platform.http.Routes;
import java.util.List;

/** All routes of the ingest service. */
public final class IngestRoutes implements Routes {
    private final List<Routes> parts;

    /** What the routes ask. */
    public record Parts(
            ChangeIntake intake,
            Timeline timeline,
            FlowStatus status,
            Quarantine quarantine,
            CollectionRegistry collections,
            List<FolderSource> folders,
            List<S3Source> buckets,
            List<ReconcilableSource> sources,
            Reconciliations reconciliations) {}

    public IngestRoutes(IntakeSettings settings, Parts parts) {
        this.parts = List.of(
                new ChangeRoutes(parts.intake(), parts.timeline(), settings.maxInlineBytes()),
                new DocumentRoutes(parts.timeline(), settings.collection()),
                new OperationRoutes(
                        parts.status(),
                        parts.quarantine(),
                        parts.collections(),
                        new OperationRoutes.Sources(parts.folders(), parts.buckets())),
                new BucketRoutes(parts.buckets()),
                new SourceRoutes(parts.sources(), parts.reconciliations()));
    }

    @Override
    public void register(RoutesConfig routes) {
        parts.forEach(part -> part.register(routes));
    }
}
