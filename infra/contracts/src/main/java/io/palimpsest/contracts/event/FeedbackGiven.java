package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Hop 7: somebody said something of the result of a query. What was written in words stays in the database, sealed.
 *
 * @param feedbackId deterministic: the same feedback sent again has the same id
 * @param value thumb: -1 or 1; click: rank from 1; rating: 1 to 5; null where the kind has none
 * @param document of the hit that is meant; null: the whole result
 * @param sequence order in which feedback was taken in, from 1, per collection
 * @param late given longer after the query than the collection allows: kept, but counts for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FeedbackGiven(
        String feedbackId,
        String queryId,
        CollectionKey collection,
        Kind kind,
        @Nullable Integer value,
        @Nullable DocumentId document,
        @Nullable PassageId passage,
        GenerationId generation,
        ModelId model,
        long sequence,
        boolean late,
        Instant at) {

    /** What was given. */
    public enum Kind {
        THUMB,
        CLICK,
        RATING,
        CORRECTION,
        COMMENT
    }
}
