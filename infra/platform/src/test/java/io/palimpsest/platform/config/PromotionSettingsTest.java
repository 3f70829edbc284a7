package io.palimpsest.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromotionSettingsTest {
    @Test
    void tolerancesAreGivenForAllSlicesAndForOne() {
        PromotionSettings gate = Settings.load(Map.of(
                        "gate.promotion.tolerance", "0.02",
                        "gate.promotion.tolerance.slices", "test-later=0.05, test-tag-codes=0"))
                .promotion();

        assertThat(gate.tolerance()).isEqualTo(0.02);
        assertThat(gate.tolerances()).isEqualTo(Map.of("test-later", 0.05, "test-tag-codes", 0.0));
    }

    @Test
    void gateThatLetsEverythingThroughIsRefused() {
        assertThatThrownBy(() -> Settings.load(Map.of(
                        "gate.promotion.tolerance", "0.9",
                        "gate.promotion.forgetting", "-0.1",
                        "gate.promotion.latency.ratio", "0.5",
                        "gate.promotion.minimum.queries", "1",
                        "gate.promotion.latency.floor.ms", "-1")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContainingAll(
                        "gate.promotion.tolerance",
                        "gate.promotion.forgetting",
                        "gate.promotion.latency.ratio",
                        "gate.promotion.minimum.queries",
                        "gate.promotion.latency.floor.ms");
    }

    @Test
    void sliceThatIsNoneIsRefused() {
        for (String wrong :
                new String[] {"later=0.02", "test-later", "test-later=NaN", "test-later=0.6", "test-later=a"}) {
            assertThatThrownBy(() -> Settings.load(Map.of("gate.promotion.tolerance.slices", wrong)))
                    .as(wrong)
                    .isInstanceOf(PalimpsestException.class)
                    .hasMessageContaining(wrong);
        }
    }
}
