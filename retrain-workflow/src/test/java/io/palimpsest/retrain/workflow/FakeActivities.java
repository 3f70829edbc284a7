package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.retrain.timer.TimerActivities;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Activities that answer as they are told, and remember what they were asked. */
final class FakeActivities
        implements TrainingActivities,
                RolloutActivities,
                DriftActivities,
                FeedbackActivities,
                ReconcileActivities,
                TimerActivities {
    static final String MODEL = "all-minilm-l6-v2-lora/fp32/0a1b2c3d";
    static final String GENERATION = "acme.handbook.0123456789ab";

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<RunEnd> ends = new CopyOnWriteArrayList<>();
    volatile SnapshotMade snapshot = new SnapshotMade("5eed", null);
    volatile Verdict verdict = new Verdict(true, "4e90", "");
    volatile Decision decision = Decision.APPROVED;
    /** Its time is filled in. */
    volatile Swap swap = new Swap(null, 0, "acme.handbook.before");

    /** Hears of ends of fine-tuning runs. */
    volatile BiPredicate<String, RunEnd> ended = (runId, end) -> true;

    volatile boolean labelled;
    volatile @Nullable String regression;
    /** The call that does not end before it is cancelled; others answer. */
    volatile @Nullable String hangs;

    volatile @Nullable PalimpsestException snapshotFails;
    volatile @Nullable PalimpsestException lookFails;
    /** Asked instead of the regression where it is there. */
    volatile @Nullable Supplier<@Nullable String> looks;

    volatile List<String> sources = List.of();
    volatile Function<String, Compared> compared = source -> new Compared(source, 1, 2, 0, 3, null);
    volatile @Nullable PalimpsestException trainingFails;
    final FakeErasure erasure = new FakeErasure();
    final CountDownLatch hanging = new CountDownLatch(1);
    final Deque<List<FineTuneRequest>> triage = new ArrayDeque<>();
    final Deque<Collected> collected = new ArrayDeque<>();

    RetrainWorker.Activities all() {
        return new RetrainWorker.Activities(this, this, this, this, this, erasure, this);
    }

    @Override
    public Labelling labelling(FineTuneRequest request) {
        return new Labelling(labelled ? 0 : now() + request.labelling().toMillis());
    }

    /** Of the server, which may skip time. */
    private static long now() {
        return Activity.getExecutionContext().getInfo().getCurrentAttemptScheduledTimestamp();
    }

    @Override
    public SnapshotMade snapshot(FineTuneRequest request) {
        call("snapshot");
        PalimpsestException fails = snapshotFails;
        if (fails != null) {
            throw fails;
        }
        return snapshot;
    }

    @Override
    public Trained train(FineTuneRequest request, String snapshotHash) {
        PalimpsestException failure = trainingFails;
        call("train " + snapshotHash);
        if (failure != null) {
            throw failure;
        }
        return new Trained(MODEL);
    }

    private void call(String call) {
        calls.add(call);
        String step = call.split(" ", 2)[0];
        while (step.equals(hangs)) {
            hanging.countDown();
            try {
                Activity.getExecutionContext().heartbeat(1);
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (ActivityCompletionException e) {
                calls.add(step + " was cancelled");
                throw e;
            } catch (InterruptedException e) {
                throw new PalimpsestException(ErrorCode.INTERNAL, "interrupted", e);
            }
        }
    }

    @Override
    public Verdict evaluate(FineTuneRequest request, String model) {
        call("evaluate " + model);
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
        boolean unused = ended.test(request.runId(), end);
    }

    @Override
    public String build(RolloutRequest request) {
        call("build " + request.model());
        return GENERATION;
    }

    @Override
    public Shadowing shadow(RolloutRequest request, String generation) {
        calls.add("shadow");
        return new Shadowing(request.pace().shadow().toMillis());
    }

    @Override
    public void endShadow(RolloutRequest request, String generation) {
        calls.add("end shadow");
    }

    @Override
    public Swap swap(RolloutRequest request, String generation) {
        calls.add("swap");
        while ("swap".equals(hangs)) { // as a call that cannot be called back
            hanging.countDown();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return new Swap(swap.refusal(), now(), swap.before());
    }

    @Override
    public Look look(RolloutRequest request, String generation) {
        call("look");
        PalimpsestException failure = lookFails;
        if (failure != null) {
            throw failure;
        }
        Supplier<@Nullable String> asked = looks;
        return new Look(asked == null ? regression : asked.get(), false);
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

    @Override
    public List<String> sources(ReconcileRequest request) {
        return sources;
    }

    @Override
    public Compared compare(ReconcileRequest request, String source) {
        calls.add("compare " + source);
        return compared.apply(source);
    }

    @Override
    public void end(ReconcileRequest request, ReconcileRequest.Totals totals, RunEnd end) {
        calls.add("end " + end.outcome());
        ends.add(end);
    }

    @Override
    public void due(String timer, Instant at) {
        calls.add("due " + timer);
    }
}
