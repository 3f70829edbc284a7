package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ingest.fetch.Validators;
import io.palimpsest.platform.content.ContentStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Brings the content that a change refers to into the store, and only asks for it where the store has it already.
 *
 * <p>Threading: safe. Failure: the codes of {@link Fetching}, of store and database.
 */
final class ReferencedContent {
    private final Fetching fetcher;
    private final ContentStore contents;
    private final KnownFetches known;

    ReferencedContent(Fetching fetcher, ContentStore contents, KnownFetches known) {
        this.fetcher = fetcher;
        this.contents = contents;
        this.known = known;
    }

    /** @param fetched whether the bytes are in the given file too, or only in the store */
    record Arrived(Raw raw, boolean fetched) {}

    Arrived bring(DocumentAccepted work, URI uri, Path file) {
        DocumentKey key = work.key();
        // Without the stored bytes, "not modified" would leave nothing to read.
        Optional<KnownFetches.Known> before = known.find(key, uri).filter(last -> contents.contains(key, last.hash()));
        Validators validators = before.map(KnownFetches.Known::validators).orElse(null);
        return switch (fetcher.fetch(uri, validators, file)) {
            case Fetching.Fetched fetched -> store(work, uri, file, fetched);
            case Fetching.NotModified unchanged ->
                before.map(last -> new Arrived(raw(work, uri, last), false))
                        .orElseThrow(() -> new PalimpsestException(
                                ErrorCode.FETCH_FAILED, "the server says 'not modified' to an unconditional request"));
        };
    }

    /** The next fetch is a full one. */
    void forget(DocumentKey key) {
        known.forget(key);
    }

    private Arrived store(DocumentAccepted work, URI uri, Path file, Fetching.Fetched fetched) {
        ContentHash hash = contents.putFile(work.key(), file);
        Validators validators = fetched.validators() == null ? new Validators(null, null) : fetched.validators();
        KnownFetches.Known now = new KnownFetches.Known(validators, hash, size(file), fetched.contentType());
        if (fetched.validators() == null) {
            known.forget(work.key());
        } else {
            known.save(work.key(), uri, now);
        }
        return new Arrived(raw(work, uri, now), true);
    }

    private static Raw raw(DocumentAccepted work, URI uri, KnownFetches.Known fetched) {
        String declared = work.properties().contentType();
        return new Raw(
                fetched.hash(),
                fetched.bytes(),
                declared == null ? fetched.contentType() : declared,
                Raw.fileName(work, uri));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "a working copy cannot be read", e);
        }
    }
}
