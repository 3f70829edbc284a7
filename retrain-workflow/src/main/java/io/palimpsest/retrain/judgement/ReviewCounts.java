package io.palimpsest.retrain.judgement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the review of a collection is.
 *
 * @param items by state
 * @param queries that have a settled grade
 * @param grades that were given, adjudications included
 * @param alpha Krippendorff's, ordinal, of the first two reviewers; null while there is nothing to agree on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReviewCounts(
        Map<ReviewState, Long> items,
        long queries,
        long grades,
        long skips,
        @Nullable Double alpha) {
    public ReviewCounts {
        items = Map.copyOf(items);
    }
}
