package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.retrain.evaluate.Evaluation.Comparison;
import io.palimpsest.retrain.evaluate.Evaluation.SliceResult;
import io.palimpsest.retrain.evaluate.EvaluationSlice.Kind;
import io.palimpsest.retrain.snapshot.SnapshotStanding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GateRulesTest {
    private static final SnapshotStanding SOUND = new SnapshotStanding.Sound(ContentHash.ofText("snapshot"));

    @Test
    void settingsAreTheNormalRulesByDefault() {
        assertThat(rules(Map.of())).isEqualTo(GateRules.NORMAL);
    }

    @Test
    void toleranceThatIsGivenForASliceDecidesThereAndNowhereElse() {
        Evaluation evaluation = evaluation(-0.02, -0.005);
        assertThat(reasons(Map.of(), evaluation)).containsExactly(GateVerdict.Reason.SLICE_LOSS);
        assertThat(reasons(Map.of("gate.promotion.tolerance.slices", "test-later=0.03"), evaluation))
                .isEmpty();
        assertThat(reasons(Map.of("gate.promotion.tolerance.slices", "test-tag-codes=0.03"), evaluation))
                .containsExactly(GateVerdict.Reason.SLICE_LOSS);
        assertThat(reasons(
                        Map.of("gate.promotion.tolerance", "0.03", "gate.promotion.forgetting", "0.001"), evaluation))
                .containsExactly(GateVerdict.Reason.FORGETTING);
    }

    @Test
    void latencyAndTheLeastQueriesAreAsTheyAreGiven() {
        Evaluation evaluation = evaluation(0, 0);
        assertThat(reasons(Map.of("gate.promotion.latency.floor.ms", "10"), evaluation))
                .containsExactly(GateVerdict.Reason.TOO_SLOW);
        assertThat(reasons(Map.of("gate.promotion.minimum.queries", "31"), evaluation))
                .containsExactly(GateVerdict.Reason.NOT_SHOWN);
    }

    private static List<GateVerdict.Reason> reasons(Map<String, String> given, Evaluation evaluation) {
        return new Gate(rules(given))
                .judge(evaluation, SOUND).refusals().stream()
                        .map(GateVerdict.Refusal::reason)
                        .toList();
    }

    private static GateRules rules(Map<String, String> given) {
        return GateRules.of(Settings.load(given).promotion());
    }

    /** Better on unseen documents; 20 ms a search became 40. Intervals reach to both sides of zero where there is a loss. */
    private static Evaluation evaluation(double later, double general) {
        return new Evaluation(
                new ModelId("serving"),
                new ModelId("candidate"),
                1,
                List.of(
                        slice("test-unseen", Kind.DOCUMENT_DISJOINT, new Comparison(0.6, 0.7, 0.1, 0.05, 0.15)),
                        slice("test-later", Kind.TIME_LATER, around(later)),
                        slice("test-general", Kind.GENERAL, around(general))),
                new Evaluation.Load(20, 20, 0),
                new Evaluation.Load(40, 40, 0));
    }

    private static Comparison around(double gain) {
        return new Comparison(0.6, 0.6 + gain, gain, gain - 0.05, gain + 0.05);
    }

    private static SliceResult slice(String name, Kind kind, Comparison ndcg) {
        return new SliceResult(name, kind, 30, new TreeMap<>(Map.of(Measure.NDCG_AT_10, ndcg)), List.of());
    }
}
