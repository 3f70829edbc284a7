package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See the interface. */
public final class DriftActivitiesImpl implements DriftActivities {
    private static final Logger LOG = LoggerFactory.getLogger(DriftActivitiesImpl.class);

    private final DriftStore store;
    private final Runs runs;
    private final DriftFacts facts;
    private final Function<CollectionKey, Rates> rates;
    private final BiFunction<Scope, String, FineTuneRequest> requests;
    private final InstantSource clock;

    /**
     * @param rates what things cost in a collection
     * @param requests makes the request of a run for a cause
     */
    public DriftActivitiesImpl(
            DriftStore store,
            Runs runs,
            DriftFacts facts,
            Function<CollectionKey, Rates> rates,
            BiFunction<Scope, String, FineTuneRequest> requests,
            InstantSource clock) {
        this.store = store;
        this.runs = runs;
        this.facts = facts;
        this.rates = rates;
        this.requests = requests;
        this.clock = clock;
    }

    @Override
    public List<FineTuneRequest> triage(Scope scope) {
        CollectionKey collection = CollectionKey.of(scope.tenant(), scope.collection());
        List<FineTuneRequest> wanted = new ArrayList<>();
        for (DriftAlarm alarm : store.open()) {
            if (alarm.collection().equals(collection) && alarm.kind() == DriftAlarm.Kind.DRIFT) {
                List<Proposal> proposals =
                        new Triage(Triage.Limits.usual(), rates.apply(collection)).of(facts.of(alarm));
                if (store.propose(alarm, proposals, clock.instant())) {
                    LOG.atInfo().log(
                            "alarm {} in {}: {}",
                            alarm.id(),
                            alarm.collection(),
                            proposals.getFirst().remedy());
                }
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

    /** The same cause gives the same id. */
    public static String runId(Scope scope, String cause) {
        return ContentHash.ofText(scope.key() + "\n" + cause).value().substring(0, 16);
    }
}
