package io.palimpsest.index.search;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.event.DocumentRevised;

/**
 * A passage with its text at hand.
 *
 * @param revision the revision that the index had: its {@code extracted} is {@code document}
 */
public record ResolvedPassage(DocumentRevised revision, Passage passage, ExtractedDocument document) {
    public String text() {
        return passage.textIn(document);
    }
}
