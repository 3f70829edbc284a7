package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.retrain.workflow.TrainingActivities.Decision;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stores that find what a test wants, and a protocol of what they were asked. */
final class FakeErasure implements EraseActivities {
    volatile Decision decision = Decision.APPROVED;
    volatile boolean held;
    /** What each look finds, in order; afterwards nothing. */
    final Deque<Long> found = new ArrayDeque<>();

    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile @Nullable RunEnd end;

    @Override
    public Decision decision(EraseRequest request) {
        return decision;
    }

    @Override
    public boolean begin(EraseRequest request) {
        asked.add("begin");
        return !held;
    }

    @Override
    public void suppress(EraseRequest request) {
        asked.add("suppress");
    }

    @Override
    public long work(EraseRequest request, ErasureTasks.Act act, ErasableStore.@Nullable Phase phase, int round) {
        asked.add(act + (phase == null ? "" : " " + phase) + " " + round);
        Long now = act == ErasureTasks.Act.PROBE ? found.poll() : null;
        return now == null ? 0 : now;
    }

    @Override
    public void certify(EraseRequest request) {
        asked.add("certify");
    }

    @Override
    public void end(EraseRequest request, RunEnd told) {
        end = told;
    }
}
