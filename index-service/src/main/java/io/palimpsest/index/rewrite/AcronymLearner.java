package io.palimpsest.index.rewrite;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.index.indexer.IndexListener;
import io.palimpsest.index.search.StoredTexts;

/** Teaches the acronyms of documents: as they are indexed, and of those indexed before, once at start. */
public final class AcronymLearner implements IndexListener {
    private final Acronyms acronyms;
    private final StoredTexts texts;

    public AcronymLearner(Acronyms acronyms, StoredTexts texts) {
        this.acronyms = acronyms;
        this.texts = texts;
    }

    @Override
    public void indexed(DocumentRevised revision, ExtractedDocument document) {
        acronyms.observe(revision.key(), document.text());
    }

    @Override
    public void applied(DocumentIndexed indexed) {
        if (!indexed.searchable()) {
            acronyms.forget(indexed.key());
        }
    }

    /** Reads the document's text from the content store: for what was indexed before this process began. */
    public void learn(DocumentRevised revision) {
        ContentHash extracted = revision.extracted();
        if (revision.state() == DocumentRevised.State.LIVE && extracted != null) {
            texts.document(revision.key(), extracted).ifPresent(document -> indexed(revision, document));
        }
    }
}
