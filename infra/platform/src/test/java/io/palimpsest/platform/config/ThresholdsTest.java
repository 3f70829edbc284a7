package io.palimpsest.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ThresholdsTest {
    private static final Map<String, String> DEFAULTS =
            Settings.load(Map.of("data.dir", "palimpsest-data")).effective();

    @Test
    void everyNameIsThatOfASetting() {
        assertThat(DEFAULTS.keySet()).containsAll(Thresholds.keys());
    }

    @Test
    void noAddressAndNoSecretIsAmongThem() {
        Map<String, String> thresholds = Thresholds.of(DEFAULTS);
        assertThat(thresholds)
                .containsKeys(
                        "gate.promotion.tolerance", "drift.alarm.crossings", "search.candidates", "rollout.watch");
        assertThat(thresholds.keySet())
                .noneMatch(key -> key.matches(".*(key|password|secret|endpoint|address|host|url|file|dir|command)$"));
        assertThat(thresholds.values()).doesNotContain("***");
    }
}
