package io.palimpsest.index.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query, repeated on the state of then, beside what was shown.
 *
 * @param reason null unless it is impossible
 * @param explanation for people
 * @param asOf the moment whose state was asked
 * @param passages that were shown then
 * @param largestScoreDifference among passages of then and now; 0 where there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rerun(
        String queryId,
        Verdict verdict,
        @Nullable Reason reason,
        String explanation,
        GenerationId generation,
        Instant asOf,
        int passages,
        double largestScoreDifference,
        List<Difference> differences) {
    public Rerun {
        differences = List.copyOf(differences);
    }

    /** Whether it is what it was. */
    public enum Verdict {
        /** The same passages of the same revisions in the same order, with the same scores. */
        IDENTICAL,
        /** The same passages of the same revisions in the same order. */
        SCORES_MOVED,
        DIFFERENT,
        IMPOSSIBLE
    }

    /** Why it cannot be repeated any more. */
    public enum Reason {
        GENERATION_DROPPED,
        HISTORY_EXPIRED,
        MODEL_GONE,
        RERANKER_GONE
    }

    /**
     * A passage that is not where it was.
     *
     * @param was its place then, from 1; null: it was not shown
     * @param now its place now; null: it is not found
     * @param cause as far as it is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Difference(
            DocumentId document,
            PassageId passage,
            @Nullable Integer was,
            @Nullable Integer now,
            Cause cause) {}

    /** Why a passage is not where it was. */
    public enum Cause {
        /** The document was erased. */
        ERASED,
        /** Who asked may not see the document today: access is always that of now. */
        ACCESS_CHANGED,
        /** It had been accepted, and was not in the index yet when it was asked. */
        INDEX_WAS_BEHIND,
        /** It is of another revision than the one that was shown. */
        REVISED,
        /** The same passages in another order: scores of words depend on all that the index has. */
        SCORES,
        UNKNOWN
    }
}
