package io.palimpsest.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as the database has it.
 *
 * @param kind {@code fine-tune} or {@code reconcile}
 * @param request what it was begun with; ids and numbers
 * @param endedAt null while it runs, as is the outcome
 * @param steps that are done, in that order
 */
public record RunRecord(
        String id,
        String kind,
        CollectionKey collection,
        String cause,
        JsonNode request,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String outcome,
        @Nullable String model,
        @Nullable String reason,
        List<Step> steps) {
    /** Of {@link #kind}: the runs that train. */
    public static final String FINE_TUNE = "fine-tune";

    public RunRecord {
        steps = List.copyOf(steps);
    }

    /** @param result ids, hashes and codes */
    public record Step(String stage, JsonNode result, Instant doneAt) {}

    public Optional<Step> step(String stage) {
        return steps.stream().filter(step -> step.stage().equals(stage)).findFirst();
    }

    /** Hash of its training set. */
    public Optional<String> snapshot() {
        return step("SNAPSHOT").flatMap(step -> text(step.result(), "hash"));
    }

    /** What it trained, whatever became of it. */
    public Optional<String> candidate() {
        return step("TRAIN").flatMap(step -> text(step.result(), "model")).or(() -> Optional.ofNullable(model));
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.get(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }
}
