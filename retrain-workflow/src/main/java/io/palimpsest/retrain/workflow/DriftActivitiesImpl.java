package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.DriftStore;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.triage.Proposal;
import io.palimpsest.retrain.drift.triage.Rates;
import io.palimpsest.retrain.drift.triage.Remedy;
import io.palimpsest.retrain.drift.triage.Triage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See the interface. */
public final class DriftActivitiesImpl implements DriftActivities {
    private static final Logger LOG = LoggerFactory.getLogger(DriftActivitiesImpl.class);

    private final DriftStore store;
    private final Sql sql;
    private final Runs runs;
    private final DriftFacts facts;
    private final Triage triage;
    private final BiFunction<Scope, String, FineTuneRequest> requests;
    private final InstantSource clock;

    /** @param requests makes the request of a run for a cause */
    public DriftActivitiesImpl(
            DriftStore store,
            Sql sql,
            Runs runs,
            BiFunction<Scope, String, FineTuneRequest> requests,
            InstantSource clock) {
        Rates rates = Rates.measured();
        this.store = store;
        this.sql = sql;
        this.runs = runs;
        this.facts = new DriftFacts(sql, rates.passagesPerDocument());
        this.triage = new Triage(Triage.Limits.usual(), rates);
        this.requests = requests;
        this.clock = clock;
    }

    @Override
    public List<FineTuneRequest> triage(Scope scope) {
        CollectionKey collection = CollectionKey.of(scope.tenant(), scope.collection());
        List<FineTuneRequest> wanted = new ArrayList<>();
        for (DriftAlarm alarm : store.open()) {
            if (alarm.collection().equals(collection) && alarm.kind() == DriftAlarm.Kind.DRIFT) {
                List<Proposal> proposals = triage.of(facts.of(alarm));
                record(alarm, proposals);
                if (proposals.getFirst().remedy() == Remedy.TUNE_RETRIEVER) {
                    FineTuneRequest request = requests.apply(scope, alarm.id());
                    if (runs.isToRun(request)) {
                        wanted.add(request);
                    }
                }
            }
        }
        return wanted;
    }

    /** Of an alarm that holds, the newest triage counts: labels and documents may have come since. */
    private void record(DriftAlarm alarm, List<Proposal> proposals) {
        int changed = sql.update(
                "INSERT INTO drift_proposal (alarm_id, tenant, collection, remedy, proposals, made_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (alarm_id) DO UPDATE SET remedy = excluded.remedy,"
                        + " proposals = excluded.proposals, made_at = excluded.made_at"
                        + " WHERE drift_proposal.proposals <> excluded.proposals",
                alarm.id(),
                alarm.collection().tenant().value(),
                alarm.collection().collection().value(),
                proposals.getFirst().remedy().name(),
                Json.writeText(proposals),
                clock.millis());
        if (changed > 0) {
            LOG.atInfo().log(
                    "alarm {} in {}: {}",
                    alarm.id(),
                    alarm.collection(),
                    proposals.getFirst().remedy());
        }
    }

    /** The same cause gives the same id. */
    public static String runId(Scope scope, String cause) {
        return ContentHash.ofText(scope.key() + "\n" + cause).value().substring(0, 16);
    }
}
