package io.palimpsest.retrain.drift.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.drift.measure.BettingTest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A window of feedback as it fills; in the store as JSON.
 *
 * @param test null while there is no reference: then only the samples are counted
 * @param first null while it is empty
 * @param openedMillis of this machine's clock
 * @param arrivals of the collection so far
 * @param lastSelfTest number of the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FeedbackWindow(
        CollectionKey collection,
        long number,
        @Nullable BettingTest test,
        long samples,
        @Nullable Instant first,
        @Nullable Instant last,
        long openedMillis,
        long arrivals,
        long lastSelfTest) {

    static FeedbackWindow none(CollectionKey collection, long lastSelfTest) {
        return new FeedbackWindow(collection, 0, null, 0, null, null, 0, 0, lastSelfTest);
    }

    FeedbackWindow opened(@Nullable BettingTest against, long nowMillis) {
        return new FeedbackWindow(collection, number, against, 0, null, null, nowMillis, arrivals, lastSelfTest);
    }

    FeedbackWindow after(boolean success, Instant at, long arrivalsNow) {
        return new FeedbackWindow(
                collection,
                number,
                test == null ? null : test.after(success),
                samples + 1,
                first == null || at.isBefore(first) ? at : first,
                last == null || at.isAfter(last) ? at : last,
                openedMillis,
                arrivalsNow,
                lastSelfTest);
    }

    FeedbackWindow next() {
        return new FeedbackWindow(collection, number + 1, null, 0, null, null, 0, arrivals, lastSelfTest);
    }

    FeedbackWindow selfTested(long selfTest) {
        return new FeedbackWindow(collection, number, test, samples, first, last, openedMillis, arrivals, selfTest);
    }
}
