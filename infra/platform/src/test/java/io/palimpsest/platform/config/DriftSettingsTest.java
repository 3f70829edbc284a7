package io.palimpsest.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftSettingsTest {
    @Test
    void nothingIsQuietByDefault() {
        DriftSettings drift = Settings.defaults(Path.of("data")).drift();

        assertThat(drift.alarms().quiet()).isEmpty();
        assertThat(drift.falseAlarmRate()).isEqualTo(0.01);
        assertThat(drift.referenceSamples()).isGreaterThanOrEqualTo(4 * 2 * drift.windowSamples());
    }

    @Test
    void quietHoursNameATimeZoneOrAreUtc() {
        assertThat(Settings.load(Map.of("drift.alarm.quiet", "22:00-06:00"))
                        .drift()
                        .alarms()
                        .quiet())
                .hasValue(new DriftSettings.Quiet(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("UTC")));
        assertThat(Settings.load(Map.of("drift.alarm.quiet", "12:30-13:15 Europe/Zurich"))
                        .drift()
                        .alarms()
                        .quiet())
                .hasValue(new DriftSettings.Quiet(
                        LocalTime.of(12, 30), LocalTime.of(13, 15), ZoneId.of("Europe/Zurich")));
    }

    @Test
    void whatDoesNotFitTogetherIsToldAtOnce() {
        assertThatThrownBy(() -> Settings.load(Map.of(
                        "drift.alarm.quiet", "at night",
                        "drift.alarm.crossings", "4",
                        "drift.window.limit", "PT5S",
                        "drift.window.samples", "400",
                        "drift.self.test.every", "PT0S")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContainingAll(
                        "drift.alarm.quiet",
                        "drift.alarm.crossings",
                        "drift.window.limit",
                        "drift.reference.samples",
                        "drift.self.test.every");
    }
}
