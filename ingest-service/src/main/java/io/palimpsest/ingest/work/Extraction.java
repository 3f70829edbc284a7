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
import io.palimpsest.ingest.extract.ExtractionOutcome;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
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
    private final Cutting cutter;
    private final Fetching fetcher;
    private final ContentStore contents;
    private final KnownExtractions known;
    private final Quarantine quarantine;
    private final WorkDirectory directory;
    private final long largeBytes;
    private final Clock clock;

    Extraction(
            ExtractionWorkers.Engines engines,
            ContentStore contents,
            KnownExtractions known,
            Quarantine quarantine,
            WorkDirectory directory,
            long largeBytes,
            Clock clock) {
        this.extractor = engines.extractor();
        this.cutter = engines.cutter();
        this.fetcher = engines.fetcher();
        this.contents = contents;
        this.known = known;
        this.quarantine = quarantine;
        this.directory = directory;
        this.largeBytes = largeBytes;
        this.clock = clock;
    }

    /** How the work ended. */
    sealed interface Ending {
        /** With a fact for the topic. */
        record Finished(DocumentExtracted fact) implements Ending {}

        /** It is large: the other lane goes on with what is stored now. */
        record Rerouted(DocumentAccepted work) implements Ending {}

        /** It may succeed later. */
        record Later(ErrorCode code, String message) implements Ending {}
    }

    /** The bytes as they are known before parsing. */
    private record Raw(
            ContentHash hash,
            long bytes,
            @Nullable String contentType,
            @Nullable String fileName) {}

    Ending run(Lane lane, DocumentAccepted work, int deliveries) {
        Job job = new Job(work, deliveries, clock.instant());
        ContentReference content = work.content();
        if (content == null) {
            return job.failed(null, ErrorCode.CONTENT_GONE, "the work names no content");
        }
        try (WorkDirectory.Copy copy = directory.newCopy()) {
            URI uri = content.uri();
            ContentHash stored = content.stored();
            if (uri != null) {
                return fetched(lane, job, uri, copy.file());
            }
            Raw raw = new Raw(
                    Objects.requireNonNull(stored),
                    content.bytes(),
                    work.properties().contentType(),
                    fileName(work, null));
            return job.extract(raw, copy.file(), true);
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE) {
                return job.failed(null, e.code(), message(e));
            }
            throw e;
        }
    }

    DocumentExtracted exhausted(DocumentAccepted work, int deliveries, String lastFailure) {
        return new Job(work, deliveries, clock.instant())
                .failed(
                        null,
                        ErrorCode.EXTRACT_DELIVERIES_EXHAUSTED,
                        "failed at all of " + deliveries + " attempts; last: " + lastFailure)
                .fact();
    }

    private Ending fetched(Lane lane, Job job, URI uri, Path file) {
        DocumentAccepted work = job.work;
        Fetching.Fetched fetched;
        try {
            fetched = fetcher.fetch(uri, file);
        } catch (PalimpsestException e) {
            return e.code().next() == NextAction.RETRY
                    ? new Ending.Later(e.code(), message(e))
                    : job.failed(null, e.code(), message(e));
        }
        long bytes = size(file);
        String declared = work.properties().contentType();
        String contentType = declared == null ? fetched.contentType() : declared;
        Raw raw = new Raw(contents.putFile(work.key(), file), bytes, contentType, fileName(work, fetched.fileName()));
        if (lane == Lane.SMALL && bytes >= largeBytes) {
            return new Ending.Rerouted(stored(work, raw));
        }
        return job.extract(raw, file, false);
    }

    private static DocumentAccepted stored(DocumentAccepted work, Raw raw) {
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

    /** The parser's hint: as given, else the last part of the address, else of the document's id. */
    private static @Nullable String fileName(DocumentAccepted work, @Nullable String fetched) {
        if (work.properties().fileName() != null) {
            return work.properties().fileName();
        }
        if (fetched != null) {
            return fetched;
        }
        String id = work.key().document().value();
        String path = id.split("[?#]", 2)[0];
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty() || !last.contains(".") ? null : last;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "a working copy cannot be read", e);
        }
    }

    private static String message(PalimpsestException e) {
        return e.getMessage() == null ? e.code().hint() : e.getMessage();
    }

    /** One run over one piece of work. */
    private final class Job {
        private final DocumentAccepted work;
        private final DocumentKey key;
        private final int deliveries;
        private final Instant startedAt;

        Job(DocumentAccepted work, int deliveries, Instant startedAt) {
            this.work = work;
            this.key = work.key();
            this.deliveries = deliveries;
            this.startedAt = startedAt;
        }

        Ending extract(Raw raw, Path file, boolean copyFirst) {
            KnownExtractions.Input input = new KnownExtractions.Input(
                    key, raw.hash(), extractor.fingerprint().value(), recipe(raw));
            Optional<KnownExtractions.Known> before = known.find(input).filter(this::isStored);
            if (before.isPresent()) {
                return finished(raw, before.get());
            }
            Optional<ErrorCode> poison = quarantine.knownPoison(key.tenant(), raw.hash(), extractor.fingerprint());
            if (poison.isPresent()) {
                return failed(
                        raw,
                        ErrorCode.EXTRACT_QUARANTINED_BEFORE,
                        "the same bytes failed with " + poison.get().id());
            }
            if (copyFirst) {
                copy(raw, file);
            }
            return switch (extractor.extract(file, raw.contentType(), raw.fileName())) {
                case ExtractionOutcome.Extracted(ExtractedDocument document) -> store(raw, input, document);
                case ExtractionOutcome.Empty(String mediaType, String reason) -> {
                    KnownExtractions.Known empty = new KnownExtractions.Known(null, null, 0, null, mediaType);
                    known.save(input, empty);
                    yield new Ending.Finished(fact(DocumentExtracted.Outcome.EMPTY, raw, empty, null, reason));
                }
                case ExtractionOutcome.Failed(ErrorCode code, String message, boolean transientFault) ->
                    transientFault ? new Ending.Later(code, message) : failed(raw, code, message);
            };
        }

        private Ending store(Raw raw, KnownExtractions.Input input, ExtractedDocument document) {
            PassageManifest manifest = cutter.cut(document);
            KnownExtractions.Known result = manifest.passages().isEmpty()
                    ? new KnownExtractions.Known(null, null, 0, document.title(), document.mediaType())
                    : new KnownExtractions.Known(
                            contents.put(key, Json.write(document)),
                            contents.put(key, Json.write(manifest)),
                            manifest.passages().size(),
                            document.title(),
                            document.mediaType());
            known.save(input, result);
            return finished(raw, result);
        }

        private Ending finished(Raw raw, KnownExtractions.Known result) {
            return result.extracted() == null
                    ? new Ending.Finished(fact(
                            DocumentExtracted.Outcome.EMPTY, raw, result, null, "the document holds no text to index"))
                    : new Ending.Finished(fact(DocumentExtracted.Outcome.EXTRACTED, raw, result, null, null));
        }

        Ending.Finished failed(@Nullable Raw raw, ErrorCode code, String message) {
            KnownExtractions.Known nothing = new KnownExtractions.Known(null, null, 0, null, null);
            return new Ending.Finished(fact(DocumentExtracted.Outcome.FAILED, raw, nothing, code, message));
        }

        private DocumentExtracted fact(
                DocumentExtracted.Outcome outcome,
                @Nullable Raw raw,
                KnownExtractions.Known result,
                @Nullable ErrorCode code,
                @Nullable String message) {
            return new DocumentExtracted(
                    key,
                    work.version(),
                    work.changeId(),
                    outcome,
                    raw == null ? null : raw.hash(),
                    raw == null ? 0 : raw.bytes(),
                    result.extracted(),
                    result.passages(),
                    result.passageCount(),
                    result.title(),
                    result.mediaType(),
                    extractor.fingerprint(),
                    cutter.policy(),
                    code,
                    message,
                    deliveries,
                    startedAt,
                    clock.instant());
        }

        private boolean isStored(KnownExtractions.Known result) {
            return result.extracted() == null
                    || (contents.contains(key, result.extracted())
                            && result.passages() != null
                            && contents.contains(key, result.passages()));
        }

        private void copy(Raw raw, Path file) {
            // Written into the file that is there: a new one would lose its permissions.
            try (InputStream in = contents.open(key, raw.hash())
                            .orElseThrow(() -> new PalimpsestException(
                                    ErrorCode.CONTENT_GONE, "the stored content of the change is gone"));
                    OutputStream out = Files.newOutputStream(file)) {
                in.transferTo(out);
            } catch (IOException e) {
                throw new PalimpsestException(ErrorCode.STORE_FAILED, "stored content cannot be copied", e);
            }
        }

        private String recipe(Raw raw) {
            return cutter.policy() + "#"
                    + ContentHash.ofText(raw.contentType() + "\n" + raw.fileName())
                            .value()
                            .substring(0, 16);
        }
    }
}
