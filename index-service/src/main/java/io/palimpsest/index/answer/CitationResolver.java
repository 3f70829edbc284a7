package io.palimpsest.index.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.search.History;
import io.palimpsest.index.search.StoredTexts;
import io.palimpsest.index.search.Visibility;
import io.palimpsest.platform.security.Caller;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves a citation to its text, also after the document has changed (law 6), under today's access rules (law 3). */
public final class CitationResolver {
    private final CurrentRevisions revisions;
    private final StoredTexts texts;
    private final History history;

    public CitationResolver(CurrentRevisions revisions, StoredTexts texts, History history) {
        this.revisions = revisions;
        this.texts = texts;
        this.history = history;
    }

    /** A range of an extracted text, in UTF-16 units, end exclusive. */
    public record Place(ContentHash extracted, int start, int end) {}

    /**
     * A citation's text.
     *
     * @param current whether the document still has this text, exactly
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Resolved(
            DocumentKey document,
            ContentHash extracted,
            int start,
            int end,
            String quote,
            @Nullable String title,
            boolean current) {}

    /**
     * Empty when the document was deleted by then or is not the caller's to see, the content erased, or the range not in
     * the text.
     *
     * @param asOf as what it resolves: null is now; before a delete the document's citations still resolve
     */
    public Optional<Resolved> resolve(Caller caller, DocumentKey key, Place place, @Nullable Instant asOf) {
        history.check(asOf);
        Visibility visibility = new Visibility(revisions, caller.principals(), asOf);
        if (!caller.mayUse(key.collectionKey()) || !visibility.admits(key)) {
            return Optional.empty();
        }
        Optional<DocumentRevised> now = revisions.current(key);
        return texts.document(key, place.extracted()) // the hash may name other content: that is no citation
                .filter(document -> place.start() >= 0
                        && place.start() < place.end()
                        && place.end() <= document.text().length())
                .map(document -> resolved(document, key, place, now));
    }

    private static Resolved resolved(
            ExtractedDocument document, DocumentKey key, Place place, Optional<DocumentRevised> now) {
        return new Resolved(
                key,
                place.extracted(),
                place.start(),
                place.end(),
                document.text().substring(place.start(), place.end()),
                now.map(DocumentRevised::title).orElse(document.title()),
                now.filter(r -> place.extracted().equals(r.extracted())).isPresent());
    }
}
