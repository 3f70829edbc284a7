package io.palimpsest.index.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.search.ResolvedPassage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a sentence stands: {@code quote} is {@code [start, end)} of the extracted text that {@code extracted} names, in
 * UTF-16 units, exactly, and for good (law 6).
 *
 * @param page on which the passage starts; absent where unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Citation(
        DocumentId document,
        PassageId passage,
        @Nullable String title,
        String location,
        @Nullable Integer page,
        List<String> headingPath,
        String quote,
        int start,
        int end,
        long revision,
        long version,
        @Nullable ContentHash extracted) {
    static Citation of(GroundingValidator.Quote quote) {
        ResolvedPassage resolved = quote.evidence().passage().resolved();
        DocumentRevised revision = resolved.revision();
        Passage passage = resolved.passage();
        String location = revision.location();
        return new Citation(
                revision.key().document(),
                passage.id(),
                revision.title(),
                location == null ? revision.key().document().value() : location,
                passage.page(),
                passage.headingPath(),
                quote.text(),
                quote.span().start(),
                quote.span().end(),
                revision.revision(),
                revision.version(),
                revision.extracted());
    }
}
