package io.palimpsest.index.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a search.
 *
 * @param generation null when there is nothing to search for this caller
 * @param indexLagSeconds how far the index is behind what has been received
 * @param tookMillis by stage
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchResponse(
        String queryId,
        List<SearchHit> hits,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        double indexLagSeconds,
        Map<String, Double> tookMillis,
        List<Note> notes) {
    static SearchResponse of(Retrieval retrieval, boolean explain) {
        return new SearchResponse(
                retrieval.queryId(),
                retrieval.hits().stream().map(hit -> SearchHit.of(hit, explain)).toList(),
                retrieval.generation(),
                retrieval.model(),
                retrieval.indexLag().toMillis() / 1000.0,
                retrieval.tookMillis(),
                retrieval.notes());
    }
}
