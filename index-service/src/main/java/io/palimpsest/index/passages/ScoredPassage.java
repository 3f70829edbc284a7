package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.util.Comparator;

/**
 * A hit.
 *
 * @param version of the document revision that the snapshot shows at the moment asked for
 * @param reference of the same revision
 */
public record ScoredPassage(DocumentKey document, PassageId passage, float score, long version, String reference) {
    public static final Comparator<ScoredPassage> ORDER = Comparator.comparingDouble(ScoredPassage::score)
            .reversed()
            .thenComparing(ScoredPassage::passage)
            .thenComparing(ScoredPassage::document);
}
