package io.palimpsest.index.search;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * What a search asks, and why.
 *
 * @param generation null: the live one
 * @param model of the query, one whose base made the passages; null: the generation's
 * @param probe whether nobody asked it: canaries, evaluations and self-tests
 * @param answer whether an answer is made of what is found
 */
public record SearchTarget(
        @Nullable GenerationId generation, @Nullable ModelId model, boolean probe, boolean answer) {
    public static final SearchTarget LIVE = new SearchTarget(null, null, false, false);

    public SearchTarget forAnswer() {
        return new SearchTarget(generation, model, probe, true);
    }

    /** Whether it asks something else than everybody does. */
    public boolean isEvaluation() {
        return generation != null || model != null;
    }
}
