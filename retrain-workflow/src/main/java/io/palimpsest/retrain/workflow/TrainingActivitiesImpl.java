package io.palimpsest.retrain.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.cost.WorkKind;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.retrain.evaluate.Approvals;
import io.palimpsest.retrain.evaluate.Evaluation;
import io.palimpsest.retrain.evaluate.EvaluationFacts;
import io.palimpsest.retrain.evaluate.EvaluationReport;
import io.palimpsest.retrain.evaluate.Gate;
import io.palimpsest.retrain.evaluate.GateVerdict;
import io.palimpsest.retrain.snapshot.ClearFolders.ClearFolder;
import io.palimpsest.retrain.snapshot.Snapshot;
import io.palimpsest.retrain.snapshot.SnapshotPlan;
import io.palimpsest.retrain.snapshot.Snapshots;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.TrainingUse;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.workflow.RolloutActivities.Built;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See the interface: each step is recorded when it is done, and then answered from the record. */
public final class TrainingActivitiesImpl implements TrainingActivities {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingActivitiesImpl.class);
    private static final String ACTOR = "service:retrain";

    private static final Duration STILL_SOUND = Duration.ofMinutes(1);

    private final TuningParts parts;
    private final Candidates candidates;

    public TrainingActivitiesImpl(TuningParts parts) {
        this.parts = parts;
        this.candidates = new Candidates(parts.index());
    }

    @Override
    public Labelling labelling(FineTuneRequest request) {
        started(request);
        boolean over = parts.runs()
                .result(request.runId(), Stage.SNAPSHOT, SnapshotMade.class)
                .isPresent();
        return new Labelling(
                over
                        ? 0
                        : parts.runs()
                                .find(request.runId())
                                .map(Run::startedAt)
                                .orElseGet(parts.clock()::instant)
                                .plus(request.labelling())
                                .toEpochMilli());
    }

    /** In whichever step comes first; told again, it is the same entry. One that was cancelled by then does nothing. */
    private void started(FineTuneRequest request) {
        tell(
                request,
                LedgerEntry.Type.RUN_STARTED,
                request.runId(),
                Map.of("run", request.runId(), "trainer", request.trainer(), "seed", Long.toString(request.seed())));
        parts.runs().requireWanted(request.runId());
    }

    @Override
    public SnapshotMade snapshot(FineTuneRequest request) {
        started(request);
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.SNAPSHOT);
        return heartbeats.once(SnapshotMade.class, () -> {
            CollectionKey collection = collection(request);
            try {
                Snapshot made = heartbeats.during(() -> parts.snapshots()
                        .make(
                                collection,
                                parts.judgements().graded(collection),
                                SnapshotPlan.of(
                                        request.seed(),
                                        parts.judgement().unseen(),
                                        parts.judgement().minimumQueries()),
                                ACTOR));
                return new SnapshotMade(made.manifest().hash().value(), null);
            } catch (PalimpsestException e) {
                if (e.code() == ErrorCode.SNAPSHOT_TOO_SMALL) {
                    return new SnapshotMade(null, e.code().name() + ": " + e.getMessage());
                }
                throw e;
            }
        });
    }

    @Override
    public Trained train(FineTuneRequest request, String snapshot) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.TRAIN);
        return heartbeats.once(Trained.class, () -> {
            Snapshot training = parts.snapshots().openSound(collection(request), new ContentHash(snapshot));
            Path output = parts.folder(request.runId()).resolve("model");
            Offer offer = offer(request);
            try (ClearFolder clear = parts.clear().of(training)) {
                TrainingJob job = new TrainingJob(clear.snapshot(), output, clear.log(), offer.config());
                try (RunCost cost = cost(request, WorkKind.TRAINING)) {
                    offer.trainer().train(job, heard(request, snapshot, heartbeats, cost), Cancellation.never());
                } finally {
                    parts.observer().trained();
                    keepLog(request, snapshot, clear.log());
                }
            }
            return new Trained(
                    heartbeats.during(() -> parts.models().put(output)).id().value());
        });
    }

    private RunCost cost(FineTuneRequest request, WorkKind kind) {
        return new RunCost(
                parts.costs(),
                new Work(collection(request), kind, request.trainer(), request.runId()),
                parts.clock().instant());
    }

    /** With the training set's key: it may quote what was read. */
    private void keepLog(FineTuneRequest request, String snapshot, Path log) {
        try {
            if (Files.exists(log)) {
                parts.files()
                        .putBeside(
                                request.runId(),
                                RunFiles.LOG,
                                Snapshots.key(collection(request), new ContentHash(snapshot)),
                                Files.readAllBytes(log));
            }
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED, "the log of " + request.runId() + " cannot be kept", e);
        }
    }

    /** A trainer with how it is to train. */
    private record Offer(Trainer trainer, TrainingConfig config) {}

    private Offer offer(FineTuneRequest request) {
        EncoderFiles base = parts.trainers().miniLm();
        return switch (request.trainer()) {
            case "lora" ->
                new Offer(
                        parts.trainers().lora(base),
                        parts.trainers().loraConfig("all-minilm-l6-v2-lora", request.seed()));
            case "adapter" ->
                new Offer(
                        parts.trainers().adapter(base),
                        parts.trainers().adapterConfig("all-minilm-l6-v2-queries", request.seed()));
            case "command" ->
                new Offer(
                        parts.trainers().command(base).orElseThrow(() -> unknown("tune.command is not set")),
                        parts.trainers().loraConfig("command", request.seed()));
            default -> throw unknown("there is no trainer " + request.trainer() + ": lora, adapter or command");
        };
    }

    private static PalimpsestException unknown(String message) {
        return new PalimpsestException(ErrorCode.CONFIG_INVALID, message);
    }

    /** Ends a training within a minute after a document that it reads was erased. */
    private TrainingProgress heard(FineTuneRequest request, String snapshot, Heartbeats heartbeats, RunCost cost) {
        return new TrainingProgress() {
            private long looked = System.nanoTime();

            @Override
            public void report(TrainingReport report) {
                parts.observer().training(request.trainer(), report);
                cost.steps(report.step());
                Double remaining = report.remainingSeconds();
                heartbeats.beat(
                        report.phase(),
                        report.step(),
                        report.steps(),
                        remaining == null ? null : Math.round(remaining),
                        report.loss());
            }

            @Override
            public void used(TrainingUse all) {
                cost.used(all);
            }

            @Override
            public void working() {
                heartbeats.beat();
                if (System.nanoTime() - looked > STILL_SOUND.toNanos()) {
                    looked = System.nanoTime();
                    parts.snapshots().requireSound(collection(request), new ContentHash(snapshot));
                }
            }
        };
    }

    @Override
    public Verdict evaluate(FineTuneRequest request, String model) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.EVALUATE);
        return heartbeats.once(Verdict.class, () -> {
            CollectionKey collection = collection(request);
            Snapshot snapshot = parts.snapshots()
                    .open(
                            collection,
                            new ContentHash(parts.runs()
                                    .result(request.runId(), Stage.SNAPSHOT, SnapshotMade.class)
                                    .map(SnapshotMade::hash)
                                    .orElseThrow()));
            GenerationId generation = candidates.built(collection, new ModelId(model), heartbeats);
            Evaluation evaluation;
            try (RunCost cost = cost(request, WorkKind.EVALUATION)) {
                evaluation = candidates.compare(collection, generation, snapshot, request.seed(), heartbeats);
            }
            GateVerdict verdict = new Gate(parts.rules())
                    .judge(
                            evaluation,
                            parts.snapshots()
                                    .standing(collection, snapshot.manifest().hash()));
            EvaluationReport report =
                    new EvaluationReport(request.runId(), snapshot.manifest().hash(), evaluation, verdict);
            return new Verdict(
                    verdict.promotes(),
                    write(request.runId(), report),
                    verdict.refusals().stream()
                            .map(refusal -> refusal.reason() + ": " + refusal.message())
                            .collect(Collectors.joining(" ")));
        });
    }

    private String write(String runId, EvaluationReport report) {
        parts.files().put(runId, EvaluationReport.JSON, report.json());
        parts.files().put(runId, EvaluationReport.MARKDOWN, report.markdown().getBytes(UTF_8));
        parts.files().put(runId, EvaluationReport.HTML, report.html().getBytes(UTF_8));
        return ContentHash.of(report.json()).value();
    }

    @Override
    public Decision decision(FineTuneRequest request, String model) {
        Approvals.Request asked = parts.approvals()
                .request(
                        request.runId(),
                        collection(request),
                        new ModelId(model),
                        parts.judgement().approvers(),
                        request.approvalExpiry());
        return switch (asked.outcome()) {
            case WAITING -> Decision.PENDING;
            case APPROVED -> Decision.APPROVED;
            case REJECTED -> Decision.REJECTED;
            case EXPIRED -> Decision.EXPIRED;
        };
    }

    @Override
    public void register(FineTuneRequest request, String model) {
        parts.tainted().requireNone(new ModelId(model));
        Map<String, String> facts = evaluated(request.runId());
        facts.put("run", request.runId());
        facts.put("model", model);
        tell(request, LedgerEntry.Type.MODEL_REGISTERED, model, facts);
    }

    /** What is not to serve is taken away, and what only this run needed; then the end is recorded. */
    @Override
    public void end(FineTuneRequest request, RunEnd end) {
        String model = end.model();
        if (end.outcome() != Outcome.PROMOTED) {
            takeBack(request, end);
        }
        deleteFolder(request.runId());
        parts.runs().end(request.runId(), end);
        Map<String, String> facts = evaluated(request.runId());
        facts.put("run", request.runId());
        facts.put("outcome", end.outcome().name());
        facts.put("model", Optional.ofNullable(model).orElse("none"));
        tell(request, LedgerEntry.Type.RUN_ENDED, request.runId(), facts);
    }

    /** What a promotion stands on; nothing where it did not come to an evaluation, or a document that the report quotes was erased. */
    private Map<String, String> evaluated(String runId) {
        return parts.files()
                .read(runId, EvaluationReport.JSON)
                .map(EvaluationFacts::of)
                .map(HashMap::new)
                .orElseGet(HashMap::new);
    }

    private void deleteFolder(String runId) {
        try {
            FolderTree.delete(parts.folder(runId));
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "the folder of run " + runId + " is not deleted", e);
        }
    }

    /**
     * A run that was begun again on a server that forgot it may be ended before it comes to what it had made live: the records
     * know of that.
     */
    private void takeBack(FineTuneRequest request, RunEnd end) {
        CollectionKey collection = collection(request);
        Optional<GenerationId> own = parts.runs()
                .result(request.runId(), Stage.BUILD, Built.class)
                .filter(built -> built.before() != null)
                .map(built -> new GenerationId(built.generation()));
        own.ifPresent(generation -> leave(collection, generation, end));
        Optional.ofNullable(end.model())
                .or(() -> parts.runs()
                        .result(request.runId(), Stage.TRAIN, Trained.class)
                        .map(Trained::model))
                .ifPresent(model -> candidates.drop(collection, new ModelId(model), own.orElse(null)));
    }

    private void leave(CollectionKey collection, GenerationId generation, RunEnd end) {
        try {
            boolean unused = candidates.leave(collection, generation, end.reason());
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.NOTHING_TO_ROLL_BACK) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .log("generation {} stays live: what was live before it is gone", generation);
        }
    }

    private void tell(FineTuneRequest request, LedgerEntry.Type type, String id, Map<String, String> facts) {
        parts.ledger()
                .record(parts.entries()
                        .ofCollection(type, parts.clock().instant(), ACTOR, collection(request), id, facts));
    }

    private static CollectionKey collection(FineTuneRequest request) {
        return CollectionKey.of(request.scope().tenant(), request.scope().collection());
    }
}
