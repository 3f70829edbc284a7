package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.IncomingChange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes a folder's changes in batches: numbered, written down, sent, and written down as arrived.
 *
 * <p>Threading: one thread; {@link #published} from any. Ordering and idempotency: see {@link FolderListing}.
 */
final class FolderPublisher {
    private static final int BATCH_FILES = 200;
    private static final long BATCH_BYTES = 64L << 20;

    private final String name;
    private final CollectionKey collection;
    private final FolderTree tree;
    private final ChangeIntake intake;
    private final List<FileChange> batch = new ArrayList<>();
    private final AtomicLong published = new AtomicLong();
    private long batchBytes;

    FolderPublisher(String name, CollectionKey collection, FolderTree tree, ChangeIntake intake) {
        this.name = name;
        this.collection = collection;
        this.tree = tree;
        this.intake = intake;
    }

    /** How many so far. */
    long published() {
        return published.get();
    }

    /** Forgets what was added and not sent: the next look finds it again. */
    void clear() {
        batch.clear();
        batchBytes = 0;
    }

    void add(FolderListing known, FileChange change) {
        batch.removeIf(earlier -> earlier.path().equals(change.path()));
        batch.add(change);
        batchBytes += change.content() instanceof IncomingChange.Content.Inline ? change.size() : 0;
        if (batch.size() >= BATCH_FILES || batchBytes >= BATCH_BYTES) {
            flush(known);
        }
    }

    void flush(FolderListing known) {
        if (batch.isEmpty()) {
            return;
        }
        List<FolderListing.Numbered> numbered = known.reserve(List.copyOf(batch));
        clear();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        // Creates before deletes: a renamed file's content is never absent.
        numbered.stream().filter(n -> !n.change().isDelete()).forEach(n -> sent.add(send(known, n)));
        numbered.stream().filter(n -> n.change().isDelete()).forEach(n -> sent.add(send(known, n)));
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PalimpsestException failed ? failed : e;
        }
        known.published(numbered);
        published.addAndGet(numbered.size());
    }

    private CompletableFuture<?> send(FolderListing known, FolderListing.Numbered numbered) {
        FileChange change = numbered.change();
        Path file = tree.configured().resolve(change.path());
        DocumentKey key = new DocumentKey(collection.tenant(), collection.collection(), documentId(change.path()));
        ContentHash hash = change.hash();
        String eventId = known.generation() + "." + numbered.sequence() + ":" + change.path() + ":"
                + (hash == null ? "deleted" : print(hash));
        ChangeType type =
                hash == null ? ChangeType.DELETED : change.trace().known() ? ChangeType.UPDATED : ChangeType.CREATED;
        Instant time = hash == null ? null : Instant.ofEpochMilli(change.mtime() / 1000);
        return intake.acceptAsync(new IncomingChange(
                key,
                source(),
                eventId,
                type,
                new Position(known.generation(), numbered.sequence()),
                change.content(),
                new DocumentProperties(
                        null, file.toUri().toString(), null, String.valueOf(file.getFileName()), null, null, null),
                time));
    }

    /** Whether a document can have the id that the path gives. */
    boolean canName(String path) {
        return DocumentId.fits(id(path));
    }

    /** As the changes name it. */
    String source() {
        return "folder:" + name;
    }

    /** What stands for the content at the end of an event id. */
    static String print(ContentHash hash) {
        return hash.value().substring(0, 16);
    }

    /** Of a document of this folder, its path, where no control character is in it. */
    String path(String id) {
        String prefix = id("");
        return id.startsWith(prefix) ? id.substring(prefix.length()) : id;
    }

    DocumentId documentId(String path) {
        return new DocumentId(id(path));
    }

    private String id(String path) {
        StringBuilder id = new StringBuilder("folder:");
        if (!name.isEmpty()) {
            id.append(name).append("//"); // in no path, so that no other folder's file has the id
        }
        path.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                id.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            } else {
                id.appendCodePoint(c);
            }
        });
        return id.toString();
    }
}
