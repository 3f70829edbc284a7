package io.palimpsest.retrain.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds of timers, whoever keeps them. */
@Timeout(120)
abstract class TimersContract {
    private static final Rhythm RHYTHM = new Rhythm(Duration.ofSeconds(2), Duration.ofSeconds(1));

    private final String timer = "test-" + UUID.randomUUID();
    private final List<Told> told = new CopyOnWriteArrayList<>();

    private record Told(String timer, Instant at) {}

    /** One process among those that keep the same timers. */
    abstract Timers process(String name, Timers.Handler handler);

    /** Whether what was told last is over for whoever keeps the timer. */
    boolean isOver(String timer) {
        return true;
    }

    @Test
    void everyTimeIsToldOnceToOneOfTwoProcesses() throws Exception {
        try (Timers one = process("one", this::tell);
                Timers two = process("two", this::tell)) {
            one.keep(timer, RHYTHM);
            two.keep(timer, RHYTHM);
            until(() -> told.size() >= 3);
            one.drop(timer);
        }
        assertThat(told)
                .doesNotHaveDuplicates()
                .allSatisfy(each ->
                        assertThat(RHYTHM.after(each.at().minusMillis(1))).isEqualTo(each.at()));
    }

    @Test
    void aTimeWhoseHandlerFailedIsToldAgain() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        try (Timers one = process("one", (name, at) -> {
            tell(name, at);
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not now");
            }
        })) {
            one.keep(timer, RHYTHM);
            until(() -> told.size() >= 4);
            one.drop(timer);
        }
        assertThat(told.subList(0, 3)).containsOnly(told.getFirst());
        assertThat(told.get(3)).isNotEqualTo(told.getFirst());
    }

    @Test
    void whatPassedWhileNobodyWasThereIsToldAsOne() throws Exception {
        try (Timers before = process("one", this::tell)) {
            before.keep(timer, RHYTHM);
            until(() -> !told.isEmpty());
            until(() -> isOver(timer)); // what passes until then is passed over
        }
        Set<Told> earlier = new HashSet<>(told);
        Instant away = Instant.now();
        until(() -> Instant.now().isAfter(away.plusSeconds(5)));
        Instant back = Instant.now();
        try (Timers after = process("one", this::tell)) {
            after.keep(timer, RHYTHM);
            until(() -> told.stream().anyMatch(each -> each.at().isAfter(back)));
            after.drop(timer);
        }
        assertThat(told).doesNotHaveDuplicates();
        assertThat(told.stream()
                        .filter(each -> !earlier.contains(each) && !each.at().isAfter(back)))
                .hasSize(1);
    }

    @Test
    void aTimerThatWasDroppedIsToldNoMore() throws Exception {
        String other = timer + "-other";
        try (Timers one = process("one", this::tell)) {
            one.keep(timer, RHYTHM);
            one.keep(other, RHYTHM);
            until(() -> count(timer) >= 1);
            one.drop(timer);
            one.drop(timer); // of one that is not there too
            int then = count(other);
            until(() -> count(other) > then);
            int dropped = count(timer);
            until(() -> count(other) > then + 2);
            assertThat(count(timer)).isEqualTo(dropped);
            one.drop(other);
        }
    }

    @Test
    void anotherRhythmCountsFromNow() throws Exception {
        try (Timers one = process("one", this::tell)) {
            one.keep(timer, new Rhythm(Duration.ofDays(1), RHYTHM.offset()));
            one.keep(timer, RHYTHM);
            until(() -> told.size() >= 2);
            one.drop(timer);
        }
    }

    private void tell(String name, Instant at) {
        told.add(new Told(name, at));
    }

    private int count(String name) {
        return (int) told.stream().filter(each -> each.timer().equals(name)).count();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within a minute");
            }
            Thread.sleep(20);
        }
    }
}
