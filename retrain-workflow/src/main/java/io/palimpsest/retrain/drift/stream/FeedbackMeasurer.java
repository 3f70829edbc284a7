package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.retrain.drift.measure.BettingTest;
import io.palimpsest.retrain.drift.measure.FeedbackOutcome;
import io.palimpsest.retrain.drift.measure.Measured;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.measure.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Tests the rate of good answers, window by window; one that has become worse ends its window at once. */
final class FeedbackMeasurer implements Processor<String, byte[], String, DriftMeasured> {
    private final DriftRules rules;
    private final References references;
    private final Map<String, SeenIds> seen = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // Kafka calls init before anything else
    private ProcessorContext<String, DriftMeasured> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, byte[]> windows;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, byte[]> seenIds;

    FeedbackMeasurer(DriftRules rules, References references) {
        this.rules = rules;
        this.references = references;
    }

    @Override
    public void init(ProcessorContext<String, DriftMeasured> processorContext) {
        context = processorContext;
        seen.clear();
        windows = context.getStateStore(DriftTopology.FEEDBACK);
        seenIds = context.getStateStore(DriftTopology.SEEN_FEEDBACK);
        context.schedule(DriftTopology.LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::look);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        FeedbackGiven given = EventBytes.read(context, Topics.FEEDBACK_GIVEN, record.value());
        if (given == null || given.late()) {
            return;
        }
        Optional<Boolean> success = FeedbackOutcome.of(given);
        FeedbackWindow window = window(given.collection());
        SeenIds ids = seen.computeIfAbsent(
                given.collection().toString(), name -> new SeenIds(seenIds, name, window.arrivals()));
        if (success.isEmpty() || !ids.add(given.feedbackId())) {
            return;
        }
        FeedbackWindow open = window.samples() > 0 ? window : opened(window);
        FeedbackWindow counted = open.after(success.get(), given.at(), ids.arrivals());
        write(counted);
        closeIfDue(counted, context.currentSystemTimeMs());
    }

    private FeedbackWindow window(CollectionKey collection) {
        byte[] stored = windows.get(collection.toString());
        return stored == null
                ? FeedbackWindow.none(collection, selfTestNumber(context.currentSystemTimeMs()))
                : Json.read(stored, FeedbackWindow.class);
    }

    private FeedbackWindow opened(FeedbackWindow window) {
        BettingTest against = references
                .of(window.collection())
                .flatMap(Reference::feedbackTest)
                .orElse(null);
        return window.opened(against, context.currentSystemTimeMs());
    }

    private void look(long nowMillis) {
        List<FeedbackWindow> all = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = windows.all()) {
            entries.forEachRemaining(entry -> all.add(Json.read(entry.value, FeedbackWindow.class)));
        }
        long number = selfTestNumber(nowMillis);
        for (FeedbackWindow window : all) {
            closeIfDue(window, nowMillis);
            if (window.lastSelfTest() < number) {
                selfTest(window.collection(), number, nowMillis);
                write(window(window.collection()).selfTested(number));
            }
        }
    }

    private void closeIfDue(FeedbackWindow window, long nowMillis) {
        Instant first = window.first();
        Instant last = window.last();
        if (first == null || last == null) {
            return;
        }
        Optional<Reference> reference = references.of(window.collection());
        BettingTest test = window.test();
        Measured measured = reference.isEmpty() || test == null
                ? new Measured(Signal.FEEDBACK_SUCCESS, window.samples(), null, null)
                : reference.get().measureFeedback(test);
        boolean timeIsUp = nowMillis - window.openedMillis() >= rules.limit().toMillis();
        if (measured.crossed() || window.samples() >= rules.feedbackSamples() || timeIsUp) {
            new Emission(context)
                    .send(
                            Emission.Place.window(
                                    window.collection(), rules.feedbackSamples(), window.number(), first, last),
                            measured);
            write(window.next());
        }
    }

    /** A window in which every answer is bad. */
    private void selfTest(CollectionKey collection, long number, long nowMillis) {
        references
                .of(collection)
                .ifPresent(reference -> reference.feedbackTest().ifPresent(test -> {
                    BettingTest after = test;
                    for (int i = 0; i < rules.feedbackSamples(); i++) {
                        after = after.after(false);
                    }
                    new Emission(context)
                            .send(
                                    Emission.Place.selfTest(
                                            collection,
                                            rules.feedbackSamples(),
                                            number,
                                            Instant.ofEpochMilli(nowMillis)),
                                    reference.measureFeedback(after));
                }));
    }

    private long selfTestNumber(long nowMillis) {
        return nowMillis / Math.max(1, rules.selfTestEvery().toMillis());
    }

    private void write(FeedbackWindow window) {
        windows.put(window.collection().toString(), Json.write(window));
    }
}
