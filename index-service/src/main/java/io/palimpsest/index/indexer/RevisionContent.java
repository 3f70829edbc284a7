package io.palimpsest.index.indexer;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.index.search.StoredForm;
import io.palimpsest.platform.content.ContentStore;
import java.util.List;
import java.util.Optional;

/**
 * What a live revision says: its passages and their embedded texts, same order and length.
 *
 * @param texts {@link Passage#embeddedTextIn} of each passage
 */
record RevisionContent(ExtractedDocument document, List<Passage> passages, List<String> texts) {

    /**
     * Reads it from the content store; empty when the revision is not live or its document was erased meanwhile.
     *
     * @throws PalimpsestException {@link ErrorCode#CONTENT_DAMAGED}, {@link ErrorCode#CONTENT_GONE} where it is lost though
     *     nobody erased the document, and what else the store throws
     */
    static Optional<RevisionContent> read(ContentStore store, DocumentRevised revision) {
        if (revision.state() != DocumentRevised.State.LIVE
                || revision.extracted() == null
                || revision.passages() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(
                    StoredForm.read(store, revision.key(), revision.extracted(), ExtractedDocument.class),
                    StoredForm.read(store, revision.key(), revision.passages(), PassageManifest.class)));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE && store.isErased(revision.key())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static RevisionContent of(ExtractedDocument document, PassageManifest manifest) {
        try {
            List<String> texts = manifest.passages().stream()
                    .map(p -> p.embeddedTextIn(document))
                    .toList();
            return new RevisionContent(document, manifest.passages(), texts);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new PalimpsestException(
                    ErrorCode.CONTENT_DAMAGED, "the passages of a revision are not in its extracted form", e);
        }
    }
}
