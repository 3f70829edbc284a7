package io.palimpsest.index.rewrite;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.words.EditDistance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Replaces words that the index does not know by near ones that it does, and that the caller may see. */
final class Spelling {
    /** Shorter words have too many neighbours. */
    private static final int MIN_LENGTH = 4;

    private static final int LENGTH_FOR_TWO_EDITS = 6;
    private static final int SIMILAR_TERMS = 8;
    private static final int PROBED_HITS = 20;

    private final PassageIndex index;

    Spelling(PassageIndex index) {
        this.index = index;
    }

    /** @param word lower case, letters only */
    Optional<String> correction(RewriteScope scope, String word) {
        GenerationId generation = scope.generation().id();
        if (word.length() < MIN_LENGTH || index.termFrequency(generation, word) > 0) {
            return Optional.empty();
        }
        int maxEdits = word.length() < LENGTH_FOR_TWO_EDITS ? 1 : 2;
        List<String> near = index.similarTerms(generation, word, SIMILAR_TERMS).stream()
                .filter(term -> EditDistance.between(word, term) <= maxEdits)
                .sorted(Comparator.comparingInt((String term) -> EditDistance.between(word, term))
                        .thenComparingLong(term -> -index.termFrequency(generation, term)))
                .toList();
        return near.stream().filter(term -> seen(scope, term)).findFirst();
    }

    /** A term that only hidden documents hold must not come to light. */
    private boolean seen(RewriteScope scope, String term) {
        return index
                .search(scope.generation().id(), PassageQuery.of(null, term, PROBED_HITS, scope.principals()))
                .keyword()
                .stream()
                .anyMatch(hit -> scope.visible().test(hit.document()));
    }
}
