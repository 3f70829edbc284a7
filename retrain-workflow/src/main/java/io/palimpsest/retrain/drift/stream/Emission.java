package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.retrain.drift.measure.Measured;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends measurements on. */
record Emission(ProcessorContext<String, DriftMeasured> context) {
    private static final String EVENT_SOURCE = "/palimpsest/retrain/drift";

    /**
     * Of which window.
     *
     * @param size samples that windows of this kind have
     * @param number of the window among them; {@code self-} and the number of the test for a self-test
     * @param last inclusive
     */
    record Place(CollectionKey collection, int size, String number, Instant first, Instant last, boolean selfTest) {
        static Place window(CollectionKey collection, int size, long number, Instant first, Instant last) {
            return new Place(collection, size, Long.toString(number), first, last, false);
        }

        static Place selfTest(CollectionKey collection, int size, long number, Instant at) {
            return new Place(collection, size, "self-" + number, at, at, true);
        }
    }

    void send(Place place, Measured measured) {
        String collection = place.collection().toString();
        String id = collection + ":" + measured.signal().id() + ":" + place.size() + ":" + place.number();
        DriftMeasured event = new DriftMeasured(
                id,
                place.collection(),
                measured.signal().id(),
                place.first(),
                place.last().plusMillis(1),
                measured.samples(),
                measured.value(),
                measured.threshold(),
                measured.crossed(),
                place.selfTest());
        RecordHeaders headers = new RecordHeaders();
        EventHeaders.set(headers, id, EVENT_SOURCE, Topics.DRIFT_MEASURED, collection, null);
        context.forward(
                new Record<>(collection, event, context.currentSystemTimeMs(), headers), DriftTopology.MEASURED);
    }
}
