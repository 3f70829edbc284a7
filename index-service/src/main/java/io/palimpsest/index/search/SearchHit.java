package io.palimpsest.index.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One hit. {@code text} is {@code [start, end)} of the extracted text, in UTF-16 units, exactly (law 6).
 *
 * @param extracted names the extracted text for good: with it the citation resolves after the document has changed
 * @param explanation null unless an explanation was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchHit(
        DocumentId document,
        PassageId passage,
        float score,
        String text,
        int start,
        int end,
        List<String> headingPath,
        @Nullable Integer page,
        @Nullable String title,
        String location,
        @Nullable String mediaType,
        long revision,
        long version,
        @Nullable ContentHash extracted,
        Instant validFrom,
        @Nullable HitScores explanation) {
    static SearchHit of(RankedPassage ranked, boolean explain) {
        DocumentRevised revision = ranked.resolved().revision();
        Passage passage = ranked.resolved().passage();
        DocumentId document = revision.key().document();
        String location = revision.location();
        return new SearchHit(
                document,
                passage.id(),
                ranked.scores().ranking(),
                ranked.resolved().text(),
                passage.start(),
                passage.end(),
                passage.headingPath(),
                passage.page(),
                revision.title(),
                location == null ? document.value() : location,
                revision.mediaType(),
                revision.revision(),
                revision.version(),
                revision.extracted(),
                revision.revisedAt(),
                explain ? ranked.scores() : null);
    }
}
