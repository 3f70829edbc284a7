package io.palimpsest.index.generation;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.passages.Generation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A generation as the database has it.
 *
 * @param model of its queries
 * @param passages what it reads in the index: its own, or its base's where only queries are embedded otherwise
 * @param written whether changes go into it
 * @param historyFrom since when it can answer as of a moment; null: not built yet
 * @param error id of the code that it failed with
 * @param gates JSON of a list of {@link Gate}s, from when it was last looked at
 */
public record GenerationRow(
        GenerationId id,
        ModelId model,
        Generation passages,
        Origin origin,
        GenerationState state,
        boolean written,
        Instant madeAt,
        @Nullable Instant historyFrom,
        @Nullable String error,
        BuildProgress progress,
        @Nullable String gates,
        double shadowShare) {

    /** Why it was made. */
    public enum Origin {
        /** It has the model of the settings, and was made with the first document. */
        CONFIGURED,
        /** Someone asked for it. */
        BUILT
    }

    public CollectionKey collection() {
        return passages.collection();
    }

    /** As searches read it. */
    public Serving serving() {
        return new Serving(id, model, passages);
    }

    /** Whether it reads passages of its own. */
    boolean ownsPassages() {
        return passages.id().equals(id);
    }

    /** Whether it has everything and is kept up to date. */
    public boolean isUpToDate() {
        return written
                && (state == GenerationState.READY
                        || state == GenerationState.LIVE
                        || state == GenerationState.RETIRED);
    }
}
