package io.palimpsest.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class BackOffTest {
    private final BackOff backOff = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10));

    @Test
    void pausesDoubleWithEachFailureUpToTheLongest() {
        assertThat(backOff.after(1)).hasMillis(200);
        assertThat(backOff.after(2)).hasMillis(400);
        assertThat(backOff.after(6)).hasMillis(6_400);
        assertThat(backOff.after(7)).hasSeconds(10);
        assertThat(backOff.after(Integer.MAX_VALUE)).hasSeconds(10);
    }

    @Test
    void whatTheOtherSideAsksForWinsWhenItIsLongerAndNotTooLong() {
        assertThat(backOff.after(1, Duration.ZERO)).hasMillis(200);
        assertThat(backOff.after(1, Duration.ofSeconds(3))).hasSeconds(3);
        assertThat(backOff.after(1, Duration.ofHours(1))).hasSeconds(10);
    }

    @Test
    void aConstantPauseNeverGrows() {
        assertThat(BackOff.constant(Duration.ofSeconds(1)).after(50)).hasSeconds(1);
        assertThatThrownBy(() -> BackOff.constant(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aConditionIsLookedAtUntilItHoldsOrTheTimeIsUp() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        assertThat(Condition.await(() -> looks.incrementAndGet() == 3, Duration.ofMinutes(1), Duration.ofMillis(1)))
                .isTrue();
        assertThat(looks).hasValue(3);
        assertThat(Condition.await(() -> looks.incrementAndGet() < 0, Duration.ZERO, Duration.ofMinutes(1)))
                .isFalse();
        assertThat(looks).hasValue(4);
    }

    @Test
    void anInterruptEndsAPauseAndStaysMarked() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> BackOff.pause(Duration.ofMinutes(1), e -> new IllegalStateException("stopped", e)))
                .hasMessage("stopped")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
