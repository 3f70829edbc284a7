package io.palimpsest.ingest.work;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work, from reference to stored passages.
 *
 * <p>Threading: safe. Ordering and idempotency: may be run again at any point; the same bytes give the same stored
 * forms. Failure: an {@link Ending}; RETRY codes of store and database are thrown.
 */
final class Extraction {
    private final Extracting extractor;
    private final PassageCutter cutter;
    private final PassagePolicyId policy;
    private final ReferencedContent references;
    private final ContentStore contents;
    private final KnownExtractions known;
    private final Quarantine quarantine;
    private final WorkDirectory directory;
    private final long largeBytes;
    private final Clock clock;

    Extraction(ExtractionWorkers.Engines engines, ExtractionWorkers.Stores stores, long largeBytes, Clock clock) {
        this.extractor = engines.extractor();
        this.cutter = new PassageCutter(engines.passages(), engines.tokens());
        this.policy = engines.passages().id();
        this.contents = stores.contents();
        this.references = new ReferencedContent(engines.fetcher(), contents, new KnownFetches(stores.sql()));
        this.known = new KnownExtractions(stores.sql());
        this.quarantine = stores.quarantine();
        this.directory = WorkDirectory.open(stores.workDirectory());
        this.largeBytes = largeBytes;
        this.clock = clock;
    }

    /** @param number of this attempt, from 1 */
    Ending run(Lane lane, DocumentAccepted work, int number) {
        Attempt attempt = attempt(work, number);
        ContentReference content = work.content();
        if (content == null) {
            return attempt.failed(null, ErrorCode.CONTENT_GONE, "the work names no content");
        }
        try {
            URI uri = content.uri();
            if (uri == null) {
                return stored(attempt, content);
            }
            try (WorkDirectory.Copy copy = directory.newCopy()) {
                return referenced(lane, attempt, uri, copy.file());
            }
        } catch (PalimpsestException e) {
            if (e.code().next() == NextAction.DEAD_LETTER) {
                return attempt.failed(null, e.code(), message(e)); // another attempt would end alike
            }
            throw e;
        }
    }

    DocumentExtracted exhausted(DocumentAccepted work, int attempts, String lastFailure) {
        String message = "failed at all of " + attempts + " attempts; last: " + lastFailure;
        return attempt(work, attempts)
                .failed(null, ErrorCode.EXTRACT_DELIVERIES_EXHAUSTED, message)
                .fact();
    }

    private Attempt attempt(DocumentAccepted work, int number) {
        return new Attempt(work, number, clock.instant(), new Attempt.Recipe(extractor.fingerprint(), policy), clock);
    }

    private Ending stored(Attempt attempt, ContentReference content) {
        DocumentAccepted work = attempt.work();
        ContentHash hash = Objects.requireNonNull(content.stored());
        Raw raw = new Raw(hash, content.bytes(), work.properties().contentType(), Raw.fileName(work, null));
        return extract(attempt, raw, null);
    }

    private Ending referenced(Lane lane, Attempt attempt, URI uri, Path file) {
        ReferencedContent.Arrived arrived;
        try {
            arrived = references.bring(attempt.work(), uri, file);
        } catch (PalimpsestException e) {
            if (isOfFetch(e.code()) && e.code().next() == NextAction.RETRY) {
                return new Ending.Later(e.code(), message(e));
            }
            throw e;
        }
        if (lane == Lane.SMALL && arrived.raw().bytes() >= largeBytes) {
            return new Ending.Rerouted(rerouted(attempt.work(), arrived.raw()));
        }
        try {
            return extract(attempt, arrived.raw(), arrived.fetched() ? file : null);
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.CONTENT_GONE && e.code() != ErrorCode.CONTENT_DAMAGED) {
                throw e;
            }
            references.forget(attempt.key()); // where it came from it can be had again
            return new Ending.Later(e.code(), message(e));
        }
    }

    private static boolean isOfFetch(ErrorCode code) {
        return code.id().startsWith("PAL-2");
    }

    private static DocumentAccepted rerouted(DocumentAccepted work, Raw raw) {
        DocumentProperties p = work.properties();
        return new DocumentAccepted(
                work.key(),
                work.version(),
                work.changeId(),
                work.source(),
                work.position(),
                work.effect(),
                work.contentVersion(),
                ContentReference.stored(raw.hash(), raw.bytes()),
                new DocumentProperties(
                        p.title(),
                        p.location(),
                        raw.contentType(),
                        raw.fileName(),
                        p.access(),
                        p.labels(),
                        p.sensitive()),
                work.receivedAt(),
                work.acceptedAt());
    }

    /** @param file that has the bytes; null where only the store has them */
    private Ending extract(Attempt attempt, Raw raw, @Nullable Path file) {
        DocumentKey key = attempt.key();
        KnownExtractions.Input input = new KnownExtractions.Input(
                key, raw.hash(), extractor.fingerprint().value(), recipe(raw));
        Optional<KnownExtractions.Known> before = known.find(input).filter(result -> isStored(key, result));
        if (before.isPresent()) {
            return attempt.extracted(raw, before.get(), unread(key, before.get()));
        }
        Optional<ErrorCode> poison = quarantine.knownPoison(key.tenant(), raw.hash(), extractor.fingerprint());
        if (poison.isPresent()) {
            return attempt.failed(
                    raw,
                    ErrorCode.EXTRACT_QUARANTINED_BEFORE,
                    "the same bytes failed with " + poison.get().id());
        }
        ExtractionOutcome outcome =
                file == null ? extractStored(key, raw) : extractor.extract(file, raw.contentType(), raw.fileName());
        return switch (outcome) {
            case ExtractionOutcome.Extracted(ExtractedDocument document) ->
                attempt.extracted(
                        raw, store(input, document), document.metadata().get(ExtractedDocument.UNREAD));
            case ExtractionOutcome.Empty(String mediaType, String reason) -> {
                KnownExtractions.Known empty = new KnownExtractions.Known(null, null, 0, null, mediaType, false);
                known.save(input, empty);
                yield attempt.empty(raw, empty, reason);
            }
            case ExtractionOutcome.Failed(ErrorCode code, String message, boolean transientFault) ->
                transientFault ? new Ending.Later(code, message) : attempt.failed(raw, code, message);
        };
    }

    private ExtractionOutcome extractStored(DocumentKey key, Raw raw) {
        Optional<ExtractionOutcome> read =
                extractor.extractInMemory(raw.bytes(), () -> bytes(key, raw.hash()), raw.contentType(), raw.fileName());
        if (read.isPresent()) {
            return read.get();
        }
        try (WorkDirectory.Copy copy = directory.newCopy()) {
            copy(key, raw.hash(), copy.file());
            return extractor.extract(copy.file(), raw.contentType(), raw.fileName());
        }
    }

    private KnownExtractions.Known store(KnownExtractions.Input input, ExtractedDocument document) {
        PassageManifest manifest = cutter.cut(document);
        KnownExtractions.Known result = manifest.passages().isEmpty()
                ? new KnownExtractions.Known(null, null, 0, document.title(), document.mediaType(), false)
                : new KnownExtractions.Known(
                        contents.put(input.key(), Json.write(document)),
                        contents.put(input.key(), Json.write(manifest)),
                        manifest.passages().size(),
                        document.title(),
                        document.mediaType(),
                        document.metadata().containsKey(ExtractedDocument.UNREAD));
        known.save(input, result);
        return result;
    }

    private @Nullable String unread(DocumentKey key, KnownExtractions.Known result) {
        return result.extracted() == null || !result.isPartial()
                ? null
                : Json.read(bytes(key, result.extracted()), ExtractedDocument.class)
                        .metadata()
                        .get(ExtractedDocument.UNREAD);
    }

    private boolean isStored(DocumentKey key, KnownExtractions.Known result) {
        return result.extracted() == null
                || (contents.isIntact(key, result.extracted())
                        && result.passages() != null
                        && contents.isIntact(key, result.passages()));
    }

    private void copy(DocumentKey key, ContentHash hash, Path file) {
        // Written into the file that is there: a new one would lose its permissions.
        try (InputStream in = open(key, hash);
                OutputStream out = Files.newOutputStream(file)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "stored content cannot be copied", e);
        }
    }

    private byte[] bytes(DocumentKey key, ContentHash hash) {
        try (InputStream in = open(key, hash)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "stored content cannot be read", e);
        }
    }

    private InputStream open(DocumentKey key, ContentHash hash) {
        return contents.open(key, hash)
                .orElseThrow(() ->
                        new PalimpsestException(ErrorCode.CONTENT_GONE, "the stored content of the change is gone"));
    }

    private String recipe(Raw raw) {
        return policy + "#"
                + ContentHash.ofText(raw.contentType() + "\n" + raw.fileName())
                        .value()
                        .substring(0, 16);
    }

    private static String message(PalimpsestException e) {
        return e.getMessage() == null ? e.code().hint() : e.getMessage();
    }
}
