package io.palimpsest.retrain.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HardNegativesTest {
    private static final List<float[]> PASSAGES = List.of(
            new float[] {0.8f, 0.6f}, new float[] {0.79f, 0.613f}, new float[] {0.6f, 0.8f}, new float[] {0, 1});

    private static List<Integer> mined(List<Integer> relevant, List<Integer> negatives) {
        TrainingSet set = new TrainingSet(
                List.of(new TrainingSet.Query("q", "text", relevant, negatives)),
                List.of("a", "b", "c", "d"),
                List.of("a", "b", "c", "d"));
        return HardNegatives.mine(set, List.of(new float[] {1, 0}), PASSAGES).getFirst();
    }

    @Test
    void nearestThatIsClearlyLessSimilarThanTheRelevantOneComesFirst() {
        assertThat(mined(List.of(0), List.of())).containsExactly(2, 3);
    }

    @Test
    void whatReviewersRefusedComesBeforeWhatIsFound() {
        assertThat(mined(List.of(0), List.of(3, 1))).containsExactly(3, 1, 2);
    }

    @Test
    void relevantPassageIsNeverANegative() {
        assertThat(mined(List.of(0, 2), List.of())).containsExactly(3);
    }
}
