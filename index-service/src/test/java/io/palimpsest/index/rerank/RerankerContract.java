package io.palimpsest.index.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What every reranker must do. */
abstract class RerankerContract {
    abstract Reranker reranker();

    @Test
    void passageThatAnswersScoresAboveOneThatDoesNot() {
        List<Float> scores = reranker()
                .scores("parental leave", List.of("zebras have stripes", "parental leave is long", "leave early"));

        assertThat(scores).hasSize(3).allMatch(Float::isFinite);
        assertThat(scores.get(1)).isGreaterThan(scores.get(2)).isGreaterThan(scores.get(0));
    }

    @Test
    void noPassagesHaveNoScores() {
        assertThat(reranker().scores("parental leave", List.of())).isEmpty();
    }

    @Test
    void equalPassagesScoreTheSame() {
        List<Float> scores = reranker().scores("leave", List.of("long leave", "zebra", "long leave"));

        assertThat(scores.get(0)).isEqualTo(scores.get(2));
    }
}
