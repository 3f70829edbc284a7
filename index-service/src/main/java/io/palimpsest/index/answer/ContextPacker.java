package io.palimpsest.index.answer;

import io.palimpsest.index.search.RankedPassage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Chooses the passages that fit a token budget, best first; one that does not fit leaves its place to the next. */
final class ContextPacker {
    private final ToIntFunction<String> tokens;
    private final int budget;

    /** @param tokens counts the tokens of a text */
    ContextPacker(ToIntFunction<String> tokens, int budget) {
        this.tokens = tokens;
        this.budget = budget;
    }

    List<Evidence> pack(List<RankedPassage> hits) {
        List<Evidence> packed = new ArrayList<>();
        int used = 0;
        for (RankedPassage hit : hits) {
            int needed = tokens.applyAsInt(
                    hit.resolved().passage().embeddedTextIn(hit.resolved().document()));
            if (used + needed <= budget) {
                used += needed;
                packed.add(new Evidence(packed.size() + 1, hit));
            }
        }
        return packed;
    }
}
