package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.temporal.client.ActivityCanceledException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** See the interface; the ingest service compares, and each comparison only once. */
public final class ReconcileActivitiesImpl implements ReconcileActivities {
    private static final String ACTOR = "service:retrain";

    private final SourcesApi sources;
    private final Runs runs;
    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final InstantSource clock;

    public ReconcileActivitiesImpl(
            SourcesApi sources, Runs runs, LedgerEntries entries, LedgerSink ledger, InstantSource clock) {
        this.sources = sources;
        this.runs = runs;
        this.entries = entries;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public List<String> sources(ReconcileRequest request) {
        runs.requireWanted(request.runId());
        return sources.all().stream()
                .filter(source -> source.collection().equals(collection(request)))
                .map(SourcesApi.Source::name)
                .filter(name -> request.source() == null || request.source().equals(name))
                .sorted()
                .toList();
    }

    @Override
    public Compared compare(ReconcileRequest request, String source) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity(runs, request.runId(), Stage.RECONCILE);
        String id = SourcesApi.reconciliation(request.runId(), source);
        sources.reconcile(id, source, request.dryRun(), request.allowDeletes());
        try {
            SourcesApi.Progress end = heartbeats.until(() -> {
                SourcesApi.Progress now = sources.progress(id);
                tell(heartbeats, now);
                return now.isEnded() ? now : null;
            });
            return new Compared(source, end.missing(), end.changed(), end.gone(), end.published(), end.errorCode());
        } catch (ActivityCanceledException e) {
            sources.cancel(id);
            throw e;
        }
    }

    private static void tell(Heartbeats heartbeats, SourcesApi.Progress now) {
        long differing = now.missing() + now.changed() + now.gone();
        if (differing > 0) {
            heartbeats.beat("publish", now.published(), differing, null, null);
        } else {
            heartbeats.beat("list", now.listed(), 0, null, null);
        }
    }

    @Override
    public void end(ReconcileRequest request, ReconcileRequest.Totals totals, RunEnd end) {
        ReconcileRequest.Totals unused =
                runs.once(request.runId(), Stage.RECONCILE, ReconcileRequest.Totals.class, () -> totals);
        runs.end(request.runId(), end);
        ledger.record(entries.ofCollection(
                LedgerEntry.Type.RUN_ENDED,
                clock.instant(),
                ACTOR,
                collection(request),
                request.runId(),
                Map.of("run", request.runId(), "outcome", end.outcome().name())));
    }

    private static CollectionKey collection(ReconcileRequest request) {
        return CollectionKey.of(request.scope().tenant(), request.scope().collection());
    }
}
