package io.palimpsest.retrain.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RhythmTest {
    private static final Rhythm NIGHTLY = new Rhythm(Duration.ofDays(1), Duration.ofHours(3));

    @Test
    void everyDayAtTheSameHour() {
        assertThat(NIGHTLY.after(Instant.parse("2026-11-22T01:00:00Z"))).isEqualTo("2026-11-22T03:00:00Z");
        assertThat(NIGHTLY.after(Instant.parse("2026-11-22T03:00:00Z"))).isEqualTo("2026-11-23T03:00:00Z");
        assertThat(NIGHTLY.after(Instant.parse("1969-12-31T23:00:00Z"))).isEqualTo("1970-01-01T03:00:00Z");
    }

    @Test
    void anOffsetOutsideOfTheIntervalIsRefused() {
        assertThatThrownBy(() -> new Rhythm(Duration.ofHours(1), Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rhythm(Duration.ZERO, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
