package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.palimpsest.bridges.UuidV5;
import io.palimpsest.bridges.lineage.LineageEvents.Happening;
import io.palimpsest.bridges.lineage.LineageEvents.Work;
import io.palimpsest.platform.registry.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A fine-tuning run, and in it making the training set and training: each a run of lineage of its own. */
final class TrainingLineage {
    private final LineageEvents events;

    TrainingLineage(LineageEvents events) {
        this.events = events;
    }

    List<RunEvent> started(RunRecord run) {
        return List.of(event(whole(run), EventType.START, run.startedAt(), facts(run), null, List.of(), List.of()));
    }

    /** All that there is to say of it; nothing of one that has not ended. */
    List<RunEvent> ended(RunRecord run) {
        Instant endedAt = run.endedAt();
        if (endedAt == null) {
            return List.of();
        }
        List<RunEvent> told = new ArrayList<>(started(run));
        run.snapshot().ifPresent(hash -> {
            told.addAll(trainingSet(run, hash));
            told.addAll(training(run, hash, endedAt));
        });
        told.add(event(
                whole(run),
                end(run),
                endedAt,
                facts(run),
                failure(run),
                inputs(run),
                run.candidate()
                        .map(model -> events.datasets().output(events.datasets().model(model)))
                        .map(List::of)
                        .orElse(List.of())));
        return told;
    }

    private List<InputDataset> inputs(RunRecord run) {
        return List.of(events.datasets().input(events.datasets().documents(run.collection())));
    }

    private List<RunEvent> trainingSet(RunRecord run, String hash) {
        Work work = new Work(
                UuidV5.of("training-set", run.id()),
                run.collection() + "/fine-tune/training-set",
                "Makes judgements and the passages they speak of into a training set.",
                whole(run));
        List<OutputDataset> made =
                List.of(events.datasets().output(events.datasets().trainingSet(run.collection(), hash)));
        Instant doneAt = run.step("SNAPSHOT").orElseThrow().doneAt();
        return List.of(
                event(work, EventType.START, run.startedAt(), facts(run), null, inputs(run), List.of()),
                event(work, EventType.COMPLETE, doneAt, facts(run), null, inputs(run), made));
    }

    private List<RunEvent> training(RunRecord run, String hash, Instant endedAt) {
        Work work = new Work(
                UuidV5.of("train", run.id()),
                run.collection() + "/fine-tune/train",
                "Trains a model on a training set.",
                whole(run));
        List<InputDataset> from =
                List.of(events.datasets().input(events.datasets().trainingSet(run.collection(), hash)));
        RunEvent start = event(
                work, EventType.START, run.step("SNAPSHOT").orElseThrow().doneAt(), facts(run), null, from, List.of());
        Optional<RunRecord.Step> trained = run.step("TRAIN");
        if (trained.isEmpty()) {
            return List.of(start, event(work, end(run), endedAt, facts(run), failure(run), from, List.of()));
        }
        List<OutputDataset> model = List.of(
                events.datasets().output(events.datasets().model(run.candidate().orElseThrow())));
        return List.of(start, event(work, EventType.COMPLETE, trained.get().doneAt(), facts(run), null, from, model));
    }

    private static Work whole(RunRecord run) {
        return new Work(
                UuidV5.of("run", run.id()),
                run.collection() + "/fine-tune",
                "From labels to a model that serves, or is not better than the one that does.",
                null);
    }

    private RunEvent event(
            Work work,
            EventType type,
            Instant at,
            Map<String, Object> facts,
            @Nullable String failure,
            List<InputDataset> inputs,
            List<OutputDataset> outputs) {
        return events.event(work, new Happening(type, at, facts, null, failure, inputs, outputs));
    }

    /** That a candidate is not better is a good end. */
    private static EventType end(RunRecord run) {
        return switch (String.valueOf(run.outcome())) {
            case "FAILED" -> EventType.FAIL;
            case "CANCELLED" -> EventType.ABORT;
            default -> EventType.COMPLETE;
        };
    }

    private static @Nullable String failure(RunRecord run) {
        return end(run) == EventType.FAIL ? String.valueOf(run.reason()) : null;
    }

    private static Map<String, Object> facts(RunRecord run) {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("run", run.id());
        facts.put("trainer", run.request().path("trainer").asText("unknown"));
        facts.put("seed", run.request().path("seed").asLong());
        run.snapshot().ifPresent(hash -> facts.put("trainingSet", hash));
        run.candidate().ifPresent(model -> facts.put("model", model));
        Optional.ofNullable(run.outcome()).ifPresent(outcome -> facts.put("outcome", outcome));
        return facts;
    }
}
