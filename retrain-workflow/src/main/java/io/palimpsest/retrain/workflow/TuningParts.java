package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.config.JudgementSettings;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.erasure.TaintedModels;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.retrain.evaluate.Approvals;
import io.palimpsest.retrain.evaluate.GateRules;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.snapshot.ClearFolders;
import io.palimpsest.retrain.snapshot.Snapshots;
import io.palimpsest.retrain.tune.offer.Trainers;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What runs stand on.
 *
 * @param judgement what a training set needs, and who must approve
 * @param observer hears of trainings
 * @param folder of runs that train on this machine: checkpoints and models, a folder each until the run ends
 * @param clear of training sets, while a trainer reads them
 * @param files reports and logs
 */
public record TuningParts(
        Runs runs,
        Judgements judgements,
        Snapshots snapshots,
        Trainers trainers,
        ModelStore models,
        IndexApi index,
        GateRules rules,
        Approvals approvals,
        JudgementSettings judgement,
        LedgerEntries entries,
        LedgerSink ledger,
        RunObserver observer,
        Path folder,
        ClearFolders clear,
        RunFiles files,
        TaintedModels tainted,
        CostBook costs,
        Clock clock) {
    Path folder(String runId) {
        return folder.resolve(runId);
    }
}
