package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Activities that answer as they are told, and remember what they were asked. */
final class FakeActivities implements TrainingActivities, RolloutActivities, DriftActivities, FeedbackActivities {
    static final String MODEL = "all-minilm-l6-v2-lora/fp32/0a1b2c3d";
    static final String GENERATION = "acme.handbook.0123456789ab";

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<RunEnd> ends = new CopyOnWriteArrayList<>();
    volatile SnapshotMade snapshot = new SnapshotMade("5eed", null);
    volatile Verdict verdict = new Verdict(true, "4e90", "");
    volatile Decision decision = Decision.APPROVED;
    volatile Swap swap = new Swap(null);
    volatile @Nullable String regression;
    /** Asked instead where it is there. */
    volatile @Nullable Supplier<@Nullable String> looks;

    volatile boolean trainsForEver;
    volatile @Nullable PalimpsestException trainingFails;
    final CountDownLatch training = new CountDownLatch(1);
    final Deque<List<FineTuneRequest>> triage = new ArrayDeque<>();
    final Deque<Collected> collected = new ArrayDeque<>();

    RetrainWorker.Activities all() {
        return new RetrainWorker.Activities(this, this, this, this);
    }

    @Override
    public SnapshotMade snapshot(FineTuneRequest request) {
        calls.add("snapshot");
        return snapshot;
    }

    @Override
    public Trained train(FineTuneRequest request, String snapshotHash) {
        calls.add("train " + snapshotHash);
        PalimpsestException failure = trainingFails;
        if (failure != null) {
            throw failure;
        }
        training.countDown();
        while (trainsForEver) {
            try {
                Activity.getExecutionContext().heartbeat(1);
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (ActivityCompletionException e) {
                calls.add("train was cancelled");
                throw e;
            } catch (InterruptedException e) {
                throw new PalimpsestException(ErrorCode.INTERNAL, "interrupted", e);
            }
        }
        return new Trained(MODEL);
    }

    @Override
    public Verdict evaluate(FineTuneRequest request, String model) {
        calls.add("evaluate " + model);
        return verdict;
    }

    @Override
    public Decision decision(FineTuneRequest request, String model) {
        calls.add("decision");
        return decision;
    }

    @Override
    public void register(FineTuneRequest request, String model) {
        calls.add("register " + model);
    }

    @Override
    public void end(FineTuneRequest request, RunEnd end) {
        calls.add("end " + end.outcome());
        ends.add(end);
    }

    @Override
    public String build(RolloutRequest request) {
        calls.add("build " + request.model());
        return GENERATION;
    }

    @Override
    public void shadow(RolloutRequest request, String generation, double share) {
        calls.add("shadow " + share);
    }

    @Override
    public Swap swap(RolloutRequest request, String generation) {
        calls.add("swap");
        return swap;
    }

    @Override
    public Look look(RolloutRequest request, String generation) {
        calls.add("look");
        Supplier<@Nullable String> asked = looks;
        return new Look(asked == null ? regression : asked.get());
    }

    @Override
    public void rollBack(RolloutRequest request, String generation, String reason) {
        calls.add("roll back: " + reason);
    }

    @Override
    public void drop(RolloutRequest request, String generation) {
        calls.add("drop " + generation);
    }

    @Override
    public void keep(RolloutRequest request, String generation) {
        calls.add("keep " + generation);
    }

    @Override
    public List<FineTuneRequest> triage(Scope scope) {
        calls.add("triage");
        List<FineTuneRequest> next = triage.poll();
        return next == null ? new ArrayList<>() : next;
    }

    @Override
    public void fillQueue(CollectFeedbackWorkflow.Campaign campaign) {
        calls.add("fill");
    }

    @Override
    public Collected count(CollectFeedbackWorkflow.Campaign campaign) {
        calls.add("count");
        Collected next = collected.poll();
        return next == null ? new Collected(0, 5) : next;
    }
}
