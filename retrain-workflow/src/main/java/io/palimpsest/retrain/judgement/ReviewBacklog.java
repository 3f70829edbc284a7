package io.palimpsest.retrain.judgement;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the review of all collections stands.
 *
 * @param items by state
 * @param idleSince of the collection where items have waited longest without anybody's grading; null where none wait
 */
public record ReviewBacklog(
        Map<ReviewState, Long> items, @Nullable Instant idleSince) {
    public ReviewBacklog {
        items = Map.copyOf(items);
    }
}
