package io.palimpsest.index.indexer;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.content.ContentStore;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What a live revision says: its passages and their embedded texts, same order and length.
 *
 * @param texts {@link Passage#embeddedTextIn} of each passage
 */
record RevisionContent(ExtractedDocument document, List<Passage> passages, List<String> texts) {

    /**
     * Reads it from the content store; empty when the revision is not live or its content was erased meanwhile.
     *
     * @throws PalimpsestException {@link ErrorCode#CONTENT_DAMAGED}, and what the store throws
     */
    static Optional<RevisionContent> read(ContentStore store, DocumentRevised revision) {
        if (revision.state() != DocumentRevised.State.LIVE
                || revision.extracted() == null
                || revision.passages() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(
                    store.read(revision.key(), revision.extracted()), store.read(revision.key(), revision.passages())));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static RevisionContent parse(byte[] extracted, byte[] manifest) {
        try {
            ExtractedDocument document = Json.read(extracted, ExtractedDocument.class);
            List<Passage> passages = Json.read(manifest, PassageManifest.class).passages();
            List<String> texts =
                    passages.stream().map(p -> p.embeddedTextIn(document)).toList();
            return new RevisionContent(document, passages, texts);
        } catch (UncheckedIOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new PalimpsestException(
                    ErrorCode.CONTENT_DAMAGED, "the extracted form of a revision cannot be read", e);
        }
    }
}
