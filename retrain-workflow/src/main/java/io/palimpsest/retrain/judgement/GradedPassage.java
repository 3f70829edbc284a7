package io.palimpsest.retrain.judgement;

import io.palimpsest.contracts.id.DocumentKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A label: what a query's passage is worth, as people settled it.
 *
 * @param queryId of the query's text, the same whoever asked it
 * @param askedAt when it was first asked, or imported
 * @param place of the passage in the revision that was graded
 * @param importedText of a passage that came with its judgement; null: the content store has it
 * @param grade 0 to 3
 * @param tag kind of the query; null for none
 * @param frozen belongs to a general set that is only ever tested with
 */
public record GradedPassage(
        String queryId,
        String query,
        Instant askedAt,
        PassageTexts.Place place,
        long revision,
        @Nullable String importedText,
        int grade,
        @Nullable String tag,
        boolean frozen) {
    public static final int MOST = 3;

    public DocumentKey document() {
        return place.document();
    }
}
