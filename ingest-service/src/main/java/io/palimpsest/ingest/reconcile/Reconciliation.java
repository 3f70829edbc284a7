package io.palimpsest.ingest.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of a source with the documents that we have.
 *
 * @param id given by who asks: the same id is the same comparison
 * @param allowDeletes however many they are
 * @param errorCode why it ended as it did, or why it waits; null where nothing is wrong
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reconciliation(
        String id,
        CollectionKey collection,
        String source,
        boolean dryRun,
        boolean allowDeletes,
        String askedBy,
        Instant askedAt,
        State state,
        Report report,
        @Nullable String errorCode,
        @Nullable Instant endedAt) {
    /** Where it stands; the last four are ends. */
    public enum State {
        WAITING,
        LISTING,
        PUBLISHING,
        DONE,
        /** It would have deleted suspiciously much, so it changed nothing. */
        REFUSED,
        CANCELLED,
        FAILED
    }

    /**
     * What it found and did. Ids only.
     *
     * @param listed documents that the source has
     * @param known documents that we have of it
     * @param published changes; none in a dry run
     * @param heldDeletes those that the guard would not let go; 0 where it lets them
     * @param examples some ids by kind
     */
    public record Report(
            long listed,
            long known,
            long passedOver,
            long missing,
            long changed,
            long gone,
            long published,
            long heldDeletes,
            Map<Difference.Kind, List<String>> examples) {
        static final Report EMPTY = new Report(0, 0, 0, 0, 0, 0, 0, 0, Map.of());

        Report withListed(long count) {
            return new Report(count, known, passedOver, missing, changed, gone, published, heldDeletes, examples);
        }

        Report withPublished(long count) {
            return new Report(listed, known, passedOver, missing, changed, gone, count, heldDeletes, examples);
        }
    }

    /** Wherever it ended. */
    public boolean isEnded() {
        return endedAt != null;
    }
}
