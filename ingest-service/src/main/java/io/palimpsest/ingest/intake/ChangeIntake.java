package io.palimpsest.ingest.intake;

import io.cloudevents.CloudEvent;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.IntakeSettings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes changes: validates, puts inline content into the store, then produces a {@link DocumentChanged}. The tenant is
 * the caller's, never the event's.
 *
 * <p>Threading: safe. Ordering and idempotency: changes given one after another to one document keep their order; the
 * same event again is the same change id, and the gate drops it. Failure: {@link PalimpsestException}; after RETRY codes
 * nothing was taken.
 */
public final class ChangeIntake {
    private final EventReader events;
    private final ContentStore contents;
    private final ChangePublisher publisher;
    private final Predicate<DocumentKey> suppressed;
    private final Telemetry telemetry;
    private final Clock clock;

    /** @param suppressed documents that were erased: nothing of them is taken, deletes neither, which would name them again */
    public ChangeIntake(
            IntakeSettings settings,
            CollectionRegistry collections,
            ContentStore contents,
            ChangePublisher publisher,
            Predicate<DocumentKey> suppressed,
            Telemetry telemetry,
            Clock clock) {
        this.suppressed = suppressed;
        this.events = new EventReader(collections, settings.collection(), settings.maxInlineBytes());
        this.contents = contents;
        this.publisher = publisher;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** Returns when the change is on the topic. */
    public Receipt accept(Caller caller, CloudEvent event) {
        try {
            return acceptAsync(caller, event, null).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PalimpsestException known
                    ? known
                    : new PalimpsestException(ErrorCode.INTERNAL, "the change was not taken", e);
        }
    }

    /**
     * Validates and stores before it returns; the future ends when the change is on the topic.
     *
     * @param traceparent the cause; null for the thread's current span
     * @throws PalimpsestException when the event is refused
     */
    public CompletableFuture<Receipt> acceptAsync(Caller caller, CloudEvent event, @Nullable String traceparent) {
        return publish("http", prepare(events.read(caller, event)), traceparent);
    }

    /** For watched folders, which make no CloudEvents. */
    public CompletableFuture<Receipt> acceptAsync(IncomingChange change) {
        return acceptAsync("folder", change);
    }

    /** @param kind of the source, which makes no CloudEvents; for the metric */
    public CompletableFuture<Receipt> acceptAsync(String kind, IncomingChange change) {
        DocumentChanged changed;
        try {
            changed = prepare(change);
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.DOCUMENT_SUPPRESSED) {
                throw e;
            }
            // Told, as far as the source knows: it would offer this again for ever, and nothing else.
            telemetry.count(Metric.DEAD_LETTERS, e.code().id());
            return CompletableFuture.completedFuture(new Receipt(change.changeId(), change.key()));
        }
        return publish(kind, changed, null);
    }

    /** Validates and stores only: for a caller that produces in a transaction of its own. */
    public DocumentChanged prepare(Caller caller, CloudEvent event) {
        return prepare("kafka", caller, event);
    }

    /** @param kind of the source, for the metric */
    public DocumentChanged prepare(String kind, Caller caller, CloudEvent event) {
        DocumentChanged changed = prepare(events.read(caller, event));
        telemetry.count(Metric.CHANGES_RECEIVED, kind);
        return changed;
    }

    /** Of the change that an event is, or would be if it were not refused. */
    public ChangeId changeId(Caller caller, CloudEvent event) {
        return events.changeId(caller, event);
    }

    private CompletableFuture<Receipt> publish(String from, DocumentChanged changed, @Nullable String traceparent) {
        telemetry.count(Metric.CHANGES_RECEIVED, from);
        return publisher
                .publish(changed, traceparent)
                .thenApply(done -> new Receipt(changed.changeId(), changed.key()));
    }

    private DocumentChanged prepare(IncomingChange change) {
        if (suppressed.test(change.key())) {
            throw new PalimpsestException(ErrorCode.DOCUMENT_SUPPRESSED, "the document was erased");
        }
        return new DocumentChanged(
                change.changeId(),
                change.key(),
                change.source(),
                change.eventId(),
                change.type(),
                change.position(),
                stored(change),
                change.properties(),
                change.time(),
                clock.instant());
    }

    private @Nullable ContentReference stored(IncomingChange change) {
        return switch (change.content()) {
            case null -> null;
            case IncomingChange.Content.Inline inline ->
                ContentReference.stored(contents.put(change.key(), inline.bytes()), inline.bytes().length);
            case IncomingChange.Content.Local local -> storedFile(change, local.file());
            case IncomingChange.Content.At at -> ContentReference.at(at.uri());
        };
    }

    private ContentReference storedFile(IncomingChange change, Path file) {
        try {
            // A link that took its place, or that of a folder above it, could lead anywhere.
            if (!file.toRealPath().equals(file)) {
                throw new PalimpsestException(ErrorCode.FETCH_FAILED, "the file is not where it was");
            }
            long bytes = Files.size(file);
            ContentHash hash = contents.putFile(change.key(), file);
            return ContentReference.stored(hash, bytes);
        } catch (IOException | UncheckedIOException e) {
            throw new PalimpsestException(ErrorCode.FETCH_FAILED, "the file cannot be read", e);
        }
    }
}
