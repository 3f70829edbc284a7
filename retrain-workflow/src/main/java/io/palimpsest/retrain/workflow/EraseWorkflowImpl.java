package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.platform.erasure.ErasableStore.Phase;
import io.palimpsest.platform.erasure.ErasureTasks.Act;
import io.palimpsest.retrain.workflow.TrainingActivities.Decision;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** See the interface. Deterministic: time and waits come from Temporal only. */
public final class EraseWorkflowImpl implements EraseWorkflow {
    /** A signal that is lost with its server costs no more than this. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    private static final Duration SILENCE = Duration.ofMinutes(1);
    /** What comes in while one store is erased is found by the next round: arbitrary, the second finds nothing new. */
    private static final int ROUNDS = 5;

    private final EraseActivities quick = Calls.quick(EraseActivities.class);
    private final EraseActivities slow = Calls.slow(EraseActivities.class, SILENCE);
    private Stage stage = Stage.APPROVE;
    private boolean decided;

    @Override
    public RunEnd run(EraseRequest request) {
        RunEnd end;
        try {
            end = story(request);
        } catch (TemporalFailure e) {
            end = new RunEnd(Calls.isCancelled(e) ? Outcome.CANCELLED : Outcome.FAILED, null, Calls.reason(stage, e));
        }
        RunEnd told = end;
        Workflow.newDetachedCancellationScope(() -> quick.end(request, told)).run();
        return end;
    }

    private RunEnd story(EraseRequest request) {
        Decision decision = decision(request);
        if (decision != Decision.APPROVED) {
            return new RunEnd(
                    decision == Decision.REJECTED ? Outcome.REJECTED : Outcome.EXPIRED, null, "nothing was erased");
        }
        stage = Stage.SUPPRESS;
        AtomicReference<RunEnd> end = new AtomicReference<>();
        Workflow.newDetachedCancellationScope(() -> end.set(erased(request))).run();
        return end.get();
    }

    private Decision decision(EraseRequest request) {
        long deadline = Workflow.currentTimeMillis() + request.expiry().toMillis();
        Decision decision = quick.decision(request);
        while (decision == Decision.PENDING && Workflow.currentTimeMillis() < deadline) {
            long left = deadline - Workflow.currentTimeMillis();
            Workflow.await(Duration.ofMillis(Math.min(left, LOOK_AGAIN.toMillis())), () -> decided);
            decided = false;
            decision = quick.decision(request);
        }
        return decision;
    }

    private RunEnd erased(EraseRequest request) {
        if (!slow.begin(request)) {
            return new RunEnd(Outcome.HELD, null, ErrorCode.DOCUMENT_HELD.id());
        }
        long noted = slow.work(request, Act.FIND, null, 1);
        quick.suppress(request);
        long found = noted;
        for (int round = 1; round == 1 || (found > 0 && round <= ROUNDS); round++) {
            stage = Stage.ERASE;
            for (Phase phase : Phase.values()) {
                long unused = slow.work(request, Act.ERASE, phase, round);
            }
            stage = Stage.PROBE;
            found = slow.work(request, Act.PROBE, null, round);
        }
        if (found > 0) {
            return new RunEnd(Outcome.FAILED, null, ErrorCode.ERASURE_INCOMPLETE.id() + ": " + found + " found");
        }
        stage = Stage.CERTIFY;
        quick.certify(request);
        // What opens the ledger's commitments goes once more, after the last entry that could have brought it back.
        long unused = slow.work(request, Act.ERASE, Phase.PROOFS, ROUNDS + 1);
        return new RunEnd(Outcome.ERASED, null, "see the certificate");
    }

    @Override
    public void decided() {
        decided = true;
    }
}
