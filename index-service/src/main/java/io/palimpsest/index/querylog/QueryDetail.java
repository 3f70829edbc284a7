package io.palimpsest.index.querylog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.search.HitScores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query is repeated with, and its receipt made of.
 *
 * @param forVector what was embedded
 * @param forKeywords what was looked for by words
 * @param passages model of the passages
 * @param reranker what ranked last; null: fused order
 * @param lagMillis by which the index was behind what had been accepted
 * @param scores of the hits, in their order
 * @param answer null where none was made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryDetail(
        String forVector,
        String forKeywords,
        ModelId passages,
        @Nullable String reranker,
        long lagMillis,
        List<HitScores> scores,
        @Nullable AnswerMade answer) {
    public QueryDetail {
        scores = List.copyOf(scores);
    }
}
