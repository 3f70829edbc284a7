package io.palimpsest.retrain.drift.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the policy remembers of one collection.
 *
 * @param series by window id without its last number
 * @param open the alarm that holds; null while all is calm
 * @param lastRaised when the last alarm of drift came; what the cool-down is counted from
 * @param deadSignals whose last self-test did not cross
 * @param lastSelfTest when one was last seen; null before the first
 * @param judgedSince since when there is a reference; null before
 * @param unmeasuredSince since when queries come that nothing was measured of
 * @param silent whether that was told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyState(
        CollectionKey collection,
        Map<String, SeriesState> series,
        @Nullable DriftAlarm open,
        @Nullable Instant lastRaised,
        Set<String> deadSignals,
        @Nullable Instant lastSelfTest,
        @Nullable Instant judgedSince,
        @Nullable Instant lastMeasured,
        @Nullable Instant unmeasuredSince,
        boolean silent) {
    public PolicyState {
        series = java.util.Collections.unmodifiableMap(new TreeMap<>(series));
        deadSignals = java.util.Collections.unmodifiableSet(new TreeSet<>(deadSignals));
    }

    public static PolicyState none(CollectionKey collection) {
        return new PolicyState(collection, Map.of(), null, null, Set.of(), null, null, null, null, false);
    }

    PolicyState withSeries(String name, SeriesState state) {
        Map<String, SeriesState> changed = new TreeMap<>(series);
        changed.put(name, state);
        return new PolicyState(
                collection,
                changed,
                open,
                lastRaised,
                deadSignals,
                lastSelfTest,
                judgedSince,
                lastMeasured,
                unmeasuredSince,
                silent);
    }

    PolicyState withOpen(@Nullable DriftAlarm alarm, @Nullable Instant raised) {
        return new PolicyState(
                collection,
                series,
                alarm,
                raised,
                deadSignals,
                lastSelfTest,
                judgedSince,
                lastMeasured,
                unmeasuredSince,
                silent);
    }

    PolicyState selfTested(Set<String> dead, @Nullable Instant at) {
        return new PolicyState(
                collection, series, open, lastRaised, dead, at, judgedSince, lastMeasured, unmeasuredSince, silent);
    }

    PolicyState measured(Instant at, boolean judged) {
        Instant since = judgedSince == null && judged ? at : judgedSince;
        return new PolicyState(collection, series, open, lastRaised, deadSignals, lastSelfTest, since, at, null, false);
    }

    PolicyState unmeasured(@Nullable Instant since, boolean told) {
        return new PolicyState(
                collection,
                series,
                open,
                lastRaised,
                deadSignals,
                lastSelfTest,
                judgedSince,
                lastMeasured,
                since,
                told);
    }
}
