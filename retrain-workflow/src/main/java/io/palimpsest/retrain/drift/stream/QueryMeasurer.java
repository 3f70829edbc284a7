package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.retrain.drift.measure.InjectedDrift;
import io.palimpsest.retrain.drift.measure.Measured;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.measure.Signal;
import io.palimpsest.retrain.drift.measure.Window;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Cuts the queries of each collection into windows, and measures those that end. */
final class QueryMeasurer implements Processor<String, byte[], String, DriftMeasured> {
    private final DriftRules rules;
    private final References references;
    private final Map<String, Panes> collections = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // Kafka calls init before anything else
    private ProcessorContext<String, DriftMeasured> context;

    @SuppressWarnings("NullAway.Init")
    private Panes.Stores stores;

    @SuppressWarnings("NullAway.Init")
    private SelfTestTimes selfTests;

    QueryMeasurer(DriftRules rules, References references) {
        this.rules = rules;
        this.references = references;
    }

    @Override
    public void init(ProcessorContext<String, DriftMeasured> processorContext) {
        context = processorContext;
        collections.clear(); // after an aborted transaction the stores tell what holds
        stores = new Panes.Stores(
                context.getStateStore(DriftTopology.WINDOWS),
                context.getStateStore(DriftTopology.EMBEDDINGS),
                context.getStateStore(DriftTopology.SEEN_QUERIES));
        selfTests = new SelfTestTimes(stores.windows(), rules.selfTestEvery());
        selfTests.collections().forEach(this::panes);
        context.schedule(DriftTopology.LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::look);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        QueryServed query = EventBytes.read(context, Topics.QUERY_SERVED, record.value());
        if (query == null || query.probe()) {
            return;
        }
        Panes panes = panes(query.collection());
        try {
            panes.add(query, context.currentSystemTimeMs());
        } catch (IllegalArgumentException e) { // the embedding
            EventBytes.logUnreadable(context);
        }
        closeIfDue(panes, context.currentSystemTimeMs());
    }

    private Panes panes(CollectionKey collection) {
        Panes known = collections.get(collection.toString());
        if (known != null) {
            return known;
        }
        Panes read = new Panes(collection, stores, rules.windowSamples());
        collections.put(collection.toString(), read);
        selfTests.know(collection, context.currentSystemTimeMs());
        return read;
    }

    /** Windows whose time is up, and self-tests. */
    private void look(long nowMillis) {
        for (Panes panes : List.copyOf(collections.values())) {
            closeIfDue(panes, nowMillis);
            selfTests.due(panes.collection(), nowMillis).ifPresent(number -> selfTest(panes, number, nowMillis));
        }
    }

    private void closeIfDue(Panes panes, long nowMillis) {
        Pane open = panes.open();
        if (open == null) {
            return;
        }
        long age = nowMillis - open.openedMillis();
        boolean full = open.tally().samples() >= rules.windowSamples()
                && age >= rules.pace().toMillis();
        if (!full && age < rules.limit().toMillis()) {
            return;
        }
        panes.close(open);
        Optional<Reference> reference = references.of(panes.collection());
        for (int scale : DriftRules.SCALES) {
            List<Pane> parts = panes.endingWith(open, scale);
            if (!parts.isEmpty()) {
                measure(panes, parts, reference.orElse(null));
            }
        }
    }

    private void measure(Panes panes, List<Pane> parts, @Nullable Reference reference) {
        int scale = parts.size();
        Window window = panes.window(parts);
        Emission.Place place = Emission.Place.window(
                panes.collection(),
                scale * rules.windowSamples(),
                parts.getLast().number() / scale,
                parts.stream().map(Pane::first).min(Instant::compareTo).orElseThrow(),
                parts.stream().map(Pane::last).max(Instant::compareTo).orElseThrow());
        List<Measured> measured = reference == null
                ? Signal.ofQueries().stream()
                        .map(signal -> new Measured(signal, window.tally().samples(), null, null))
                        .toList()
                : reference.measure(window);
        measured.forEach(one -> new Emission(context).send(place, one));
    }

    /** The same way as any window goes, but for the counting: a signal that does not cross now is dead. */
    private void selfTest(Panes panes, long number, long nowMillis) {
        references.of(panes.collection()).ifPresent(reference -> {
            int size = rules.windowSamples();
            Emission.Place place =
                    Emission.Place.selfTest(panes.collection(), size, number, Instant.ofEpochMilli(nowMillis));
            reference.measure(InjectedDrift.window(reference, size)).stream()
                    .filter(measured -> measured.threshold() != null)
                    .forEach(measured -> new Emission(context).send(place, measured));
        });
    }
}
