package io.palimpsest.retrain.erase;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.erasure.ErasableStore.Probed;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.platform.erasure.ErasureTasks.Act;
import io.palimpsest.platform.erasure.ErasureTasks.Task;
import io.palimpsest.platform.erasure.Erasures.Erasure;
import io.palimpsest.platform.erasure.TaintedModels.Taint;
import io.palimpsest.retrain.evaluate.Approvals;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an erasure did, as JSON. It names no document: {@code document} is the commitment that the requester's nonce opens.
 *
 * @param residuals what no store answers for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Certificate(
        String format,
        String erasure,
        String collection,
        String document,
        String reason,
        String requestedBy,
        Instant requestedAt,
        List<Word> approvals,
        Instant beganAt,
        Instant completedAt,
        List<Store> stores,
        List<Model> models,
        List<String> residuals) {
    static final String FORMAT = "palimpsest erasure certificate v1";

    private static final List<String> ELSEWHERE = List.of(
            "Logs and traces of processes may name the document's id, never its text, as long as the operator keeps them.",
            "Processes may keep text of it in memory for ten minutes; it is not shown.",
            "What was sent to other systems (an endpoint that embeds, generates or trains, a command that trains), and what people"
                    + " copied, is out of reach.",
            "Backups of the database and of the broker that were made before are not changed.");

    /** Who let it go ahead, the requester included. */
    record Word(String person, Instant at) {}

    /**
     * A store.
     *
     * @param place empty where there is one for all processes
     * @param removed in all rounds
     * @param found by the last look
     */
    record Store(String store, String place, long removed, long found, List<String> residuals) {}

    /** A model that learned from the document. */
    record Model(String model, String snapshot, String state) {}

    static String of(
            Erasure erasure, Approvals.Request approval, List<Task> tasks, List<Taint> taints, Instant completedAt) {
        Instant began = erasure.beganAt();
        return Json.writeText(new Certificate(
                FORMAT,
                erasure.id(),
                erasure.collection().toString(),
                erasure.commitment(),
                erasure.reason(),
                erasure.requestedBy(),
                erasure.requestedAt(),
                approval.said().stream()
                        .filter(Approvals.Said::approved)
                        .map(said -> new Word(said.person(), said.at()))
                        .toList(),
                began == null ? erasure.requestedAt() : began,
                completedAt,
                stores(tasks),
                taints.stream()
                        .map(taint -> new Model(taint.model(), taint.snapshot(), "tainted"))
                        .toList(),
                ELSEWHERE));
    }

    private static List<Store> stores(List<Task> tasks) {
        Map<String, List<Task>> byStore = new TreeMap<>();
        tasks.forEach(task -> byStore.computeIfAbsent(task.store() + "\n" + task.place(), key -> new ArrayList<>())
                .add(task));
        return byStore.values().stream().map(Certificate::store).toList();
    }

    private static Store store(List<Task> tasks) {
        long removed = tasks.stream()
                .filter(task -> task.act() == Act.ERASE && task.done())
                .mapToLong(task -> ErasureTasks.removed(task))
                .sum();
        Probed last = tasks.stream()
                .filter(task -> task.act() == Act.PROBE && task.done())
                .max((a, b) -> Integer.compare(a.round(), b.round()))
                .map(task -> Json.read(String.valueOf(task.result()).getBytes(StandardCharsets.UTF_8), Probed.class))
                .orElseThrow();
        return new Store(tasks.getFirst().store(), tasks.getFirst().place(), removed, last.found(), last.residuals());
    }
}
