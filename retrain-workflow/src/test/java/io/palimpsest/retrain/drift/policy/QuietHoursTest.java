package io.palimpsest.retrain.drift.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class QuietHoursTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @Test
    void hoursOverMidnightAreQuietOnBothSidesOfIt() {
        QuietHours night = new QuietHours(LocalTime.of(22, 0), LocalTime.of(6, 0), UTC);

        assertThat(night.at(Instant.parse("2026-11-01T22:00:00Z"))).isTrue();
        assertThat(night.at(Instant.parse("2026-11-02T05:59:59Z"))).isTrue();
        assertThat(night.at(Instant.parse("2026-11-02T06:00:00Z"))).isFalse();
        assertThat(night.at(Instant.parse("2026-11-02T12:00:00Z"))).isFalse();
    }

    @Test
    void hoursOfADayAreThoseOfTheZone() {
        QuietHours noon = new QuietHours(LocalTime.of(12, 0), LocalTime.of(13, 0), ZoneId.of("Europe/Zurich"));

        assertThat(noon.at(Instant.parse("2026-11-01T11:30:00Z"))).isTrue();
        assertThat(noon.at(Instant.parse("2026-11-01T12:30:00Z"))).isFalse();
    }

    @Test
    void theSameMomentTwiceIsNeverQuiet() {
        QuietHours none = new QuietHours(LocalTime.NOON, LocalTime.NOON, UTC);

        assertThat(none.at(Instant.parse("2026-11-01T12:00:00Z"))).isFalse();
    }
}
