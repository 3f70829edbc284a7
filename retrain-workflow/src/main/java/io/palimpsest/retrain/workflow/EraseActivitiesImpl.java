package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.erasure.Inventory;
import io.palimpsest.retrain.erase.ErasureDesk;
import io.palimpsest.retrain.evaluate.Approvals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** See the interface. */
public final class EraseActivitiesImpl implements EraseActivities {
    private final ErasureDesk desk;
    private final ErasureTasks tasks;
    private final Approvals approvals;
    private final Runs runs;

    public EraseActivitiesImpl(ErasureDesk desk, ErasureTasks tasks, Approvals approvals, Runs runs) {
        this.desk = desk;
        this.tasks = tasks;
        this.approvals = approvals;
        this.runs = runs;
    }

    @Override
    public TrainingActivities.Decision decision(EraseRequest request) {
        return switch (approvals.find(request.runId()).orElseThrow().outcome()) {
            case WAITING -> TrainingActivities.Decision.PENDING;
            case APPROVED -> TrainingActivities.Decision.APPROVED;
            case REJECTED -> TrainingActivities.Decision.REJECTED;
            case EXPIRED -> TrainingActivities.Decision.EXPIRED;
        };
    }

    /** Not before every store that there must be has a process that does its work. */
    @Override
    public boolean begin(EraseRequest request) {
        runs.requireWanted(request.runId());
        Heartbeats heartbeats = Heartbeats.ofThisActivity(runs, request.runId(), Stage.SUPPRESS);
        boolean all = heartbeats.until(() -> {
            List<String> missing = Inventory.missing(tasks.known());
            heartbeats.beat(
                    "wait for stores", Inventory.STORES.size() - missing.size(), Inventory.STORES.size(), null, null);
            return missing.isEmpty() ? true : null;
        });
        return all && desk.begin(request.runId());
    }

    @Override
    public void suppress(EraseRequest request) {
        desk.suppress(request.runId());
        runs.once(request.runId(), Stage.SUPPRESS, Done.class, Done::new);
    }

    private record Done() {}

    @Override
    public long work(EraseRequest request, ErasureTasks.Act act, ErasableStore.@Nullable Phase phase, int round) {
        List<ErasureTasks.Known> stores = tasks.known().stream()
                .filter(known -> phase == null || known.phase() == phase)
                .toList();
        tasks.open(request.runId(), stores, act, round);
        Stage stage = act == ErasureTasks.Act.PROBE ? Stage.PROBE : Stage.ERASE;
        Heartbeats heartbeats = Heartbeats.ofThisActivity(runs, request.runId(), stage);
        List<ErasureTasks.Task> done = heartbeats.until(() -> {
            List<ErasureTasks.Task> opened = tasks.of(request.runId()).stream()
                    .filter(task -> task.act() == act && task.round() == round && isOf(task, stores))
                    .toList();
            long ended = opened.stream().filter(ErasureTasks.Task::done).count();
            heartbeats.beat(told(act, phase), ended, opened.size(), null, null);
            return ended == opened.size() ? opened : null;
        });
        return act == ErasureTasks.Act.PROBE
                ? done.stream().mapToLong(EraseActivitiesImpl::found).sum()
                : 0;
    }

    private static boolean isOf(ErasureTasks.Task task, List<ErasureTasks.Known> stores) {
        return stores.stream()
                .anyMatch(store ->
                        store.store().equals(task.store()) && store.place().equals(task.place()));
    }

    private static String told(ErasureTasks.Act act, ErasableStore.@Nullable Phase phase) {
        return (act + (phase == null ? "" : " " + phase)).toLowerCase(Locale.ROOT);
    }

    private static long found(ErasureTasks.Task task) {
        return Json.read(String.valueOf(task.result()).getBytes(StandardCharsets.UTF_8), ErasableStore.Probed.class)
                .found();
    }

    @Override
    public void certify(EraseRequest request) {
        desk.certify(request.runId(), approvals.find(request.runId()).orElseThrow());
        runs.once(request.runId(), Stage.CERTIFY, Done.class, Done::new);
    }

    @Override
    public void end(EraseRequest request, RunEnd end) {
        desk.end(
                request.runId(),
                switch (end.outcome()) {
                    case ERASED -> Erasures.State.ERASED;
                    case HELD -> Erasures.State.HELD;
                    case REJECTED -> Erasures.State.REJECTED;
                    case EXPIRED -> Erasures.State.EXPIRED;
                    case CANCELLED -> Erasures.State.CANCELLED;
                    default -> Erasures.State.FAILED;
                });
        runs.end(request.runId(), end);
    }
}
