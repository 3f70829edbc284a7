package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.config.ReconcileSettings;
import io.palimpsest.retrain.timer.Rhythm;
import io.palimpsest.retrain.timer.Timers;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When sources are reconciled: at the times of the settings, and when somebody asks.
 *
 * <p>Ordering and idempotency: a cause is one run. Failure: codes with RETRY.
 */
public final class ReconcileStarter implements Timers.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileStarter.class);
    private static final String TIMER = "reconcile";

    private final SourcesApi sources;
    private final RunStarter starter;

    public ReconcileStarter(SourcesApi sources, RunStarter starter) {
        this.sources = sources;
        this.starter = starter;
    }

    /** As the settings say. */
    public static void schedule(Timers timers, ReconcileSettings settings) {
        if (settings.every().isPositive()) {
            timers.keep(TIMER, new Rhythm(settings.every(), settings.at()));
        } else {
            timers.drop(TIMER);
        }
    }

    /** All collections that have sources; where there are none, nothing is begun. */
    @Override
    public void due(String timer, Instant at) {
        sourcesThatAreReached().stream()
                .map(SourcesApi.Source::collection)
                .distinct()
                .forEach(collection -> starter.start(request(collection, TIMER + " " + at, null, false, false)));
    }

    private List<SourcesApi.Source> sourcesThatAreReached() {
        try {
            return sources.all();
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.SERVICE_ELSEWHERE) {
                throw e; // told again
            }
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .log("nothing is reconciled: set reconcile.ingest.address to where the ingest service is");
            return List.of();
        }
    }

    /** Those of a collection, by name. */
    List<String> sources(CollectionKey collection) {
        return sources.all().stream()
                .filter(source -> source.collection().equals(collection))
                .map(SourcesApi.Source::name)
                .sorted()
                .toList();
    }

    ReconcileRequest begin(
            CollectionKey collection, String cause, @Nullable String source, boolean dryRun, boolean allowDeletes) {
        ReconcileRequest request = request(collection, cause, source, dryRun, allowDeletes);
        boolean unused = starter.start(request);
        return request;
    }

    private static ReconcileRequest request(
            CollectionKey collection, String cause, @Nullable String source, boolean dryRun, boolean allowDeletes) {
        // Not tagged: an attribute that a server does not know ends the workflow's task.
        Scope scope =
                new Scope(collection.tenant().value(), collection.collection().value(), false);
        return new ReconcileRequest(
                DriftActivitiesImpl.runId(scope, RunRequest.RECONCILE + " " + cause),
                scope,
                cause,
                source,
                dryRun,
                allowDeletes,
                null);
    }
}
