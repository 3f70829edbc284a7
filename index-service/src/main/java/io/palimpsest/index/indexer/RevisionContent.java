package io.palimpsest.index.indexer;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.content.ContentStore;
import java.util.List;
import java.util.Optional;

/**
 * What a live revision says: its passages and their embedded texts, same order and length.
 *
 * @param texts {@link Passage#embeddedTextIn} of each passage
 */
record RevisionContent(ExtractedDocument document, List<Passage> passages, List<String> texts) {

    /** Reads it from the content store; empty when the revision is not live or its content was erased meanwhile. */
    static Optional<RevisionContent> read(ContentStore store, DocumentRevised revision) {
        if (revision.state() != DocumentRevised.State.LIVE
                || revision.extracted() == null
                || revision.passages() == null) {
            return Optional.empty();
        }
        try {
            ExtractedDocument document =
                    Json.read(store.read(revision.key(), revision.extracted()), ExtractedDocument.class);
            List<Passage> passages = Json.read(store.read(revision.key(), revision.passages()), PassageManifest.class)
                    .passages();
            List<String> texts =
                    passages.stream().map(p -> p.embeddedTextIn(document)).toList();
            return Optional.of(new RevisionContent(document, passages, texts));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
