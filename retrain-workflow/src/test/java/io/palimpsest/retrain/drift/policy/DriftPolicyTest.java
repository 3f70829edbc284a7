package io.palimpsest.retrain.drift.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftPolicyTest {
    private static final CollectionKey COLLECTION = CollectionKey.of("acme", "handbook");
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    private static final DriftPolicy POLICY = new DriftPolicy(
            Map.of(), new AlarmRule(50, 2, 3, 0.8), Duration.ofHours(6), null, Duration.ofDays(1), Duration.ofHours(2));

    private final List<DriftAlarm> raised = new ArrayList<>();
    private PolicyState state = PolicyState.none(COLLECTION);
    private Instant now = START;
    private int windows;

    @Test
    void oneCrossingIsNoAlarmAndTwoOfThreeAre() {
        measure("query-embedding", 2);
        measure("query-embedding", 0.5);
        assertThat(raised).isEmpty();

        measure("query-embedding", 2);
        assertThat(raised).singleElement().satisfies(alarm -> {
            assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.DRIFT);
            assertThat(alarm.evidence())
                    .singleElement()
                    .satisfies(evidence -> assertThat(evidence.crossings()).isEqualTo(2));
        });
    }

    @Test
    void twoAlarmsAtOnceAreOne() {
        alarm("query-embedding");
        alarm("top-similarity");

        assertThat(raised).hasSize(1);
        assertThat(holding().evidence())
                .extracting(DriftAlarm.Evidence::signal)
                .containsExactlyInAnyOrder("query-embedding", "top-similarity");
    }

    @Test
    void anAlarmHoldsUntilAllLastWindowsAreWellBelowTheThreshold() {
        alarm("query-embedding");
        for (int i = 0; i < 10; i++) {
            measure("query-embedding", 0.9); // below the threshold, not below 0.8 of it
        }
        assertThat(state.open()).isNotNull();

        measure("query-embedding", 0.1);
        measure("query-embedding", 0.1);
        assertThat(state.open()).isNotNull();
        measure("query-embedding", 0.1);
        assertThat(state.open()).isNull();
        assertThat(raised).hasSize(1);
    }

    @Test
    void noOtherAlarmComesDuringTheCoolDown() {
        alarm("query-embedding");
        calm("query-embedding");
        now = START.plus(Duration.ofHours(5));
        alarm("query-embedding");
        assertThat(raised).hasSize(1);

        now = START.plus(Duration.ofHours(7));
        tick(null);
        assertThat(raised).hasSize(2).extracting(DriftAlarm::id).doesNotHaveDuplicates();
    }

    @Test
    void anAlarmOfQuietHoursComesAtTheirEndIfItStillHolds() {
        DriftPolicy quiet = new DriftPolicy(
                POLICY.rules(),
                POLICY.fallback(),
                POLICY.coolDown(),
                new QuietHours(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("UTC")),
                POLICY.selfTestEvery(),
                POLICY.silence());
        now = Instant.parse("2026-11-01T23:00:00Z");
        for (int i = 0; i < 3; i++) {
            take(quiet.after(state, measured("query-embedding", 2.0, 50, false), now));
        }
        assertThat(raised).isEmpty();

        now = Instant.parse("2026-11-02T06:00:00Z");
        take(quiet.at(state, now, null));
        assertThat(raised).hasSize(1);
    }

    @Test
    void windowsWithTooFewSamplesOrNoReferenceSayNothing() {
        for (int i = 0; i < 5; i++) {
            take(POLICY.after(state, measured("query-embedding", 9.0, 49, false), now));
            take(POLICY.after(state, measured("query-embedding", null, 200, false), now));
        }
        assertThat(raised).isEmpty();
    }

    @Test
    void aSelfTestThatDoesNotCrossIsAnAlarmOnceUntilItCrossesAgain() {
        take(POLICY.after(state, measured("query-embedding", 0.5, 50, true), now));
        take(POLICY.after(state, measured("top-similarity", 0.5, 50, true), now));
        take(POLICY.after(state, measured("query-embedding", 0.5, 50, true), now));
        assertThat(raised)
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.DEAD));

        take(POLICY.after(state, measured("query-embedding", 2.0, 50, true), now));
        take(POLICY.after(state, measured("top-similarity", 2.0, 50, true), now));
        assertThat(raised).hasSize(1);
        take(POLICY.after(state, measured("top-similarity", 0.5, 50, true), now));
        assertThat(raised).hasSize(2);
    }

    @Test
    void aSelfTestIsNoDrift() {
        for (int i = 0; i < 5; i++) {
            take(POLICY.after(state, measured("query-embedding", 9.0, 50, true), now));
        }
        assertThat(raised).isEmpty();
    }

    @Test
    void queriesThatNobodyMeasuresAreAnAlarmOnce() {
        measure("query-embedding", 0.1);
        for (int minutes = 0; minutes < 600; minutes += 10) {
            now = now.plus(Duration.ofMinutes(10));
            tick(now.minusSeconds(5));
        }
        assertThat(raised)
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.DEAD));
    }

    @Test
    void canariesThatAreAskedOnATimerHideNoSilenceAndNoMissingSelfTest() {
        measure("query-embedding", 0.1);
        for (int hours = 0; hours < 49; hours++) {
            now = now.plus(Duration.ofHours(1));
            measure("canaries", 0.1);
            take(POLICY.after(state, measured("canaries", 9.0, 50, true), now));
            tick(now.minusSeconds(5));
        }
        assertThat(raised)
                .hasSize(2)
                .allSatisfy(alarm -> assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.DEAD))
                .extracting(alarm -> alarm.evidence().getFirst().says().split(" ")[0])
                .containsExactly("queries", "no");
    }

    @Test
    void canariesMakeAlarmsAsOtherSignalsDo() {
        alarm("canaries");
        assertThat(raised).hasSize(1);
        take(POLICY.after(state, measured("canary-overlap", 0.5, 50, true), now));
        assertThat(raised.getLast().kind()).as("a dead one").isEqualTo(DriftAlarm.Kind.DEAD);
    }

    @Test
    void silenceIsNoAlarmWhenNobodyAsksAnything() {
        measure("query-embedding", 0.1);
        Instant lastQuery = now.minusSeconds(1);
        for (int hours = 0; hours < 40; hours++) {
            now = now.plus(Duration.ofHours(1));
            tick(lastQuery);
        }
        assertThat(raised).isEmpty();
    }

    @Test
    void selfTestsThatStopComingAreAnAlarm() {
        measure("query-embedding", 0.1);
        now = now.plus(Duration.ofHours(49));
        tick(null);

        assertThat(raised)
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.DEAD));
    }

    @Property(tries = 200)
    void whatIsDeliveredAgainChangesNothing(
            @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = 0, max = 2) Double> values) {
        PolicyState once = PolicyState.none(COLLECTION);
        PolicyState twice = once;
        List<DriftAlarm> first = new ArrayList<>();
        List<DriftAlarm> second = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Instant at = START.plus(Duration.ofHours(i));
            DriftMeasured window = window("query-embedding", i, values.get(i), 50, false);
            DriftPolicy.Step step = POLICY.after(once, window, at);
            once = step.state();
            first.addAll(step.raised());
            for (int again = 0; again < 2; again++) {
                step = POLICY.after(twice, window, at);
                twice = step.state();
                second.addAll(step.raised());
            }
        }
        assertThat(second).isEqualTo(first);
        assertThat(twice).isEqualTo(once);
    }

    @Property(tries = 200)
    void alarmsAreApartByTheCoolDownAndNeverWithoutEnoughCrossings(
            @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = 0, max = 2) Double> values) {
        PolicyState current = PolicyState.none(COLLECTION);
        List<DriftAlarm> all = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Instant at = START.plus(Duration.ofHours(i));
            DriftPolicy.Step step = POLICY.after(current, window("query-embedding", i, values.get(i), 50, false), at);
            current = Json.read(Json.write(step.state()), PolicyState.class); // as it is kept
            assertThat(current).isEqualTo(step.state());
            all.addAll(step.raised());
        }
        for (int i = 1; i < all.size(); i++) {
            assertThat(Duration.between(all.get(i - 1).raisedAt(), all.get(i).raisedAt()))
                    .isGreaterThanOrEqualTo(POLICY.coolDown());
        }
        long crossings = values.stream().filter(value -> value > 1).count();
        assertThat(all.size()).isLessThanOrEqualTo((int) (crossings / 2));
        assertThat(all).extracting(DriftAlarm::id).doesNotHaveDuplicates();
    }

    private void alarm(String signal) {
        for (int i = 0; i < 3; i++) {
            measure(signal, 2);
        }
    }

    private void calm(String signal) {
        for (int i = 0; i < 3; i++) {
            measure(signal, 0.1);
        }
    }

    private void measure(String signal, double value) {
        take(POLICY.after(state, measured(signal, value, 50, false), now));
    }

    private void tick(@Nullable Instant lastQuery) {
        take(POLICY.at(state, now, lastQuery));
    }

    private void take(DriftPolicy.Step step) {
        state = step.state();
        raised.addAll(step.raised());
    }

    private DriftAlarm holding() {
        DriftAlarm open = state.open();
        assertThat(open).isNotNull();
        return java.util.Objects.requireNonNull(open);
    }

    private DriftMeasured measured(String signal, @Nullable Double value, long samples, boolean selfTest) {
        return window(signal, windows++, value, samples, selfTest);
    }

    private static DriftMeasured window(
            String signal, int number, @Nullable Double value, long samples, boolean selfTest) {
        return new DriftMeasured(
                COLLECTION + ":" + signal + ":50:" + (selfTest ? "self-" : "") + number,
                COLLECTION,
                signal,
                START,
                START.plusSeconds(1),
                samples,
                value,
                value == null ? null : 1.0,
                value != null && value > 1,
                selfTest);
    }
}
