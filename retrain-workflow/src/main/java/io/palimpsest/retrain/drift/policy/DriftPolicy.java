package io.palimpsest.retrain.drift.policy;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.retrain.drift.measure.Signal;
import io.palimpsest.retrain.drift.policy.DriftAlarm.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes alarms of measurements. While one holds, other signals that become alarming belong to it: two at once are one.
 *
 * <p>Threading: immutable. Ordering and idempotency: a pure function of the state, what came, and the clock; a measurement that
 * comes again changes nothing.
 *
 * @param rules by id of the signal; {@code fallback} for the others
 * @param coolDown after an alarm no other comes for so long
 * @param quiet null: never
 * @param selfTestEvery how often drift is injected: twice that without a self-test is an alarm
 * @param silence queries may go unmeasured for so long: longer than a window may last
 */
public record DriftPolicy(
        Map<String, AlarmRule> rules,
        AlarmRule fallback,
        Duration coolDown,
        @Nullable QuietHours quiet,
        Duration selfTestEvery,
        Duration silence) {
    private static final Set<String> ASKED = Arrays.stream(Signal.values())
            .filter(Signal::ofCanaries)
            .map(Signal::id)
            .collect(Collectors.toUnmodifiableSet());

    public DriftPolicy {
        rules = Map.copyOf(rules);
    }

    /** What follows: the state from then on, and what to tell. */
    public record Step(PolicyState state, List<DriftAlarm> raised) {
        public Step {
            raised = List.copyOf(raised);
        }
    }

    public Step after(PolicyState before, DriftMeasured measured, Instant now) {
        boolean asked = ASKED.contains(measured.signal());
        // What is asked on a timer does not show that what people ask is measured.
        PolicyState seen = asked ? before : before.measured(now, measured.threshold() != null);
        if (measured.selfTest()) {
            return selfTested(seen, measured, asked ? seen.lastSelfTest() : now, now);
        }
        String series = series(measured.windowId());
        SeriesState old = seen.series().getOrDefault(series, SeriesState.none(measured.signal()));
        AlarmRule rule = rules.getOrDefault(measured.signal(), fallback);
        return settled(seen.withSeries(series, old.after(measured, rule)), now);
    }

    /**
     * Time has passed.
     *
     * @param lastQuery when the newest query of the collection came, as told by somebody else than who measures; null: not known
     */
    public Step at(PolicyState before, Instant now, @Nullable Instant lastQuery) {
        List<DriftAlarm> raised = new ArrayList<>();
        PolicyState state = watched(before, now, lastQuery, raised);
        Step settled = settled(state, now);
        raised.addAll(settled.raised());
        return new Step(settled.state(), raised);
    }

    /** Of a window id without its number: collection, signal, size. */
    static String series(String windowId) {
        return windowId.substring(0, Math.max(0, windowId.lastIndexOf(':')));
    }

    /** Raises, extends or ends the alarm of drift. */
    private Step settled(PolicyState state, Instant now) {
        List<Evidence> alarming = state.series().values().stream()
                .filter(SeriesState::alarming)
                .map(SeriesState::evidence)
                .toList();
        DriftAlarm open = state.open();
        if (alarming.isEmpty()) {
            return new Step(open == null ? state : state.withOpen(null, state.lastRaised()), List.of());
        }
        if (open != null) {
            DriftAlarm joined = new DriftAlarm(open.id(), open.collection(), open.kind(), alarming, open.raisedAt());
            return new Step(state.withOpen(joined, state.lastRaised()), List.of());
        }
        Instant lastRaised = state.lastRaised();
        boolean cooling = lastRaised != null && now.isBefore(lastRaised.plus(coolDown));
        if (cooling || (quiet != null && quiet.at(now))) {
            return new Step(state, List.of());
        }
        DriftAlarm alarm = alarm(state, DriftAlarm.Kind.DRIFT, alarming, now);
        return new Step(state.withOpen(alarm, now), List.of(alarm));
    }

    /** @param testedAt when the stream was last seen to test itself */
    private static Step selfTested(PolicyState state, DriftMeasured measured, @Nullable Instant testedAt, Instant now) {
        Set<String> dead = new TreeSet<>(state.deadSignals());
        boolean anyDead = !dead.isEmpty();
        if (measured.crossed()) {
            dead.remove(measured.signal());
            return new Step(state.selfTested(dead, testedAt), List.of());
        }
        dead.add(measured.signal());
        PolicyState after = state.selfTested(dead, testedAt);
        if (anyDead) { // told of already, or by the same test
            return new Step(after, List.of());
        }
        Evidence evidence = new Evidence(
                measured.signal(),
                measured.windowId(),
                measured.value(),
                measured.threshold(),
                0,
                "injected drift was not found: nobody would be told of real drift");
        return new Step(after, List.of(alarm(after, DriftAlarm.Kind.DEAD, List.of(evidence), now)));
    }

    /** Whether anything is measured at all, and tested. */
    private PolicyState watched(PolicyState before, Instant now, @Nullable Instant lastQuery, List<DriftAlarm> raised) {
        PolicyState state = before;
        Instant measured = state.lastMeasured();
        Instant since = state.unmeasuredSince();
        if (since == null && lastQuery != null && (measured == null || lastQuery.isAfter(measured))) {
            since = now; // when it was noticed: the clocks of others do not count
            state = state.unmeasured(since, false);
        }
        if (since != null && !state.silent() && now.isAfter(since.plus(silence))) {
            state = state.unmeasured(since, true);
            raised.add(dead(state, "queries have come since " + since + " and nothing was measured", now));
        }
        Instant judged = state.judgedSince();
        Instant tested = state.lastSelfTest() == null ? judged : state.lastSelfTest();
        if (judged != null && tested != null && now.isAfter(tested.plus(selfTestEvery.multipliedBy(2)))) {
            raised.add(dead(state, "no self-test since " + tested, now));
            state = state.selfTested(state.deadSignals(), now); // told again after as long
        }
        return state;
    }

    private static DriftAlarm dead(PolicyState state, String says, Instant now) {
        return alarm(state, DriftAlarm.Kind.DEAD, List.of(new Evidence("all", "", null, null, 0, says)), now);
    }

    private static DriftAlarm alarm(PolicyState state, DriftAlarm.Kind kind, List<Evidence> evidence, Instant now) {
        // The one before is named too: windows are numbered anew where Kafka was.
        String cause = state.collection() + " " + kind + " " + state.lastRaised() + " "
                + String.join(
                        " ",
                        evidence.stream()
                                .map(one -> one.windowId().isEmpty() ? one.says() : one.windowId())
                                .toList());
        return new DriftAlarm(
                ContentHash.ofText(cause).toString().substring(0, 32), state.collection(), kind, evidence, now);
    }
}
