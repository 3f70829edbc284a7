package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
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
import io.palimpsest.platform.config.FolderSettings;
import io.palimpsest.platform.database.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a folder and publishes what happens to its files. A document's id is {@code folder:} and the path below the
 * root, so that a moved root changes nothing; a rename is a create and a delete.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Ordering and idempotency: see
 * {@link FolderListing}; files whose bytes are as listed publish nothing. Failure: broker, store and database are waited
 * for; a file that cannot be read is counted and looked at again; a look that would delete suspiciously much holds the
 * deletes until {@link #approveDeletes}.
 */
public final class FolderSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSource.class);
    private static final int BATCH_FILES = 200;
    private static final long BATCH_BYTES = 64L << 20;
    private static final long LARGEST_STORED = 16L << 20; // larger files are referenced, and fetched by the workers
    private static final int GUARDED_DOCUMENTS = 20;
    private static final Duration BLIND_RESCAN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(250);

    private final String name;
    private final CollectionKey collection;
    private final FolderTree tree;
    private final FolderSettings settings;
    private final ChangeIntake intake;
    private final Sql sql;
    private final Clock clock;
    private final Thread thread;
    private final List<FileChange> batch = new ArrayList<>();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean approved = new AtomicBoolean();
    private long batchBytes;
    private volatile long listed;
    private volatile boolean listing = true;
    private volatile boolean closing;
    private volatile @Nullable String problem;

    /** @param name of the folder in its collection; part of the document ids unless empty; stays when the root moves */
    public FolderSource(
            String name,
            Path root,
            CollectionKey collection,
            FolderSettings settings,
            ChangeIntake intake,
            Sql sql,
            Clock clock) {
        this.name = name;
        this.collection = collection;
        this.tree = new FolderTree(root.toAbsolutePath().normalize());
        this.settings = settings;
        this.intake = intake;
        this.sql = sql;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("folder-" + name).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public CollectionKey collection() {
        return collection;
    }

    public FolderProgress progress() {
        return new FolderProgress(
                tree.root().toString(), listing, listed, published.get(), unreadable.get(), held.get(), problem);
    }

    /** Lets the deletes go that the next look finds. */
    public void approveDeletes() {
        approved.set(true);
    }

    public boolean healthy() {
        return thread.isAlive() && problem == null;
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            try (FolderNotices notices = new FolderNotices(tree.root())) {
                FolderListing known = new FolderListing(sql, collection + "/" + name, clock);
                listed = known.size();
                follow(known, notices);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | UncheckedIOException | PalimpsestException e) {
                problem = e instanceof PalimpsestException known ? known.code().id() : "the folder cannot be listed";
                LOG.atWarn().setCause(e).log("a watched folder waits, and is listed again");
                batch.clear();
                batchBytes = 0;
                pause();
            }
        }
    }

    private void follow(FolderListing known, FolderNotices notices) throws IOException, InterruptedException {
        long lastLook = look(known, notices);
        while (!closing) {
            Set<Path> paths = notices.await(TICK);
            Duration period = notices.isComplete() ? settings.rescan() : BLIND_RESCAN;
            boolean due = System.nanoTime() - lastLook > period.toNanos();
            if (notices.takeLost() || due || !tree.isThere() || (approved.get() && held.get() > 0)) {
                lastLook = look(known, notices);
            } else {
                for (Path path : paths) {
                    compareNoticed(known, notices, path);
                }
                flush(known);
            }
        }
    }

    /** Compares the whole folder with the listing. */
    private long look(FolderListing known, FolderNotices notices) throws IOException, InterruptedException {
        if (!tree.isThere()) {
            problem = "the folder is not there; nothing is deleted while it is away";
            listing = false;
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return System.nanoTime() - settings.rescan().toNanos();
        }
        listing = true;
        unreadable.set(0);
        Set<String> seen = new HashSet<>();
        tree.walk(tree.root(), notices::watch, (file, attributes) -> {
            seen.add(tree.relative(file));
            compare(known, file, attributes, false);
        });
        List<String> gone =
                known.paths().stream().filter(path -> !seen.contains(path)).toList();
        if (isSuspicious(gone.size(), known.size()) && !approved.getAndSet(false)) {
            if (held.getAndSet(gone.size()) == 0) {
                LOG.atWarn()
                        .log(
                                "{} of {} documents are gone at once: deletes wait for approval",
                                gone.size(),
                                known.size());
            }
        } else {
            held.set(0);
            gone.forEach(path -> delete(known, path));
        }
        flush(known);
        listing = false;
        problem = null;
        return System.nanoTime();
    }

    private boolean isSuspicious(int gone, int known) {
        return known > GUARDED_DOCUMENTS && gone > known * settings.maxDeleteRatio();
    }

    private void compareNoticed(FolderListing known, FolderNotices notices, Path path) throws IOException {
        if (tree.isIgnored(path)) {
            return;
        }
        if (FolderTree.isDirectory(path)) {
            tree.walk(path, notices::watch, (file, attributes) -> compare(known, file, attributes, true));
            return;
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                compare(known, path, attributes, true);
                return;
            }
        } catch (IOException e) {
            // Gone, or on its way: the listing below decides.
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            String relative = tree.relative(path);
            delete(known, relative);
            known.pathsUnder(relative).forEach(below -> delete(known, below));
        }
    }

    /** @param noticed something happened to it: size and time may be as before, the bytes need not */
    private void compare(FolderListing known, Path file, BasicFileAttributes attributes, boolean noticed) {
        String path = tree.relative(file);
        FolderListing.Entry entry = known.entry(path);
        long mtime = attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
        boolean sameFrame = entry != null && entry.size() == attributes.size() && entry.mtime() == mtime;
        if (sameFrame && entry != null && entry.published() && !noticed) {
            return;
        }
        FileChange change = read(file, path, mtime, entry);
        if (change == null) {
            unreadable.incrementAndGet();
        } else if (entry != null
                && entry.published()
                && change.hash() != null
                && change.hash().equals(entry.hash())) {
            if (!sameFrame) {
                known.touch(path, entry, mtime);
            }
        } else {
            add(known, change);
        }
    }

    private static @Nullable FileChange read(Path file, String path, long mtime, FolderListing.@Nullable Entry entry) {
        try {
            byte[] bytes = Files.size(file) <= LARGEST_STORED ? Files.readAllBytes(file) : null;
            ContentHash hash = bytes == null ? hash(file) : ContentHash.of(bytes);
            boolean interrupted = entry != null && !entry.published() && hash.equals(entry.hash());
            return new FileChange(
                    path,
                    bytes == null ? Files.size(file) : bytes.length,
                    mtime,
                    hash,
                    bytes == null
                            ? new IncomingChange.Content.At(file.toUri())
                            : new IncomingChange.Content.Inline(bytes),
                    new FileChange.Trace(entry != null, interrupted && entry != null ? entry.sequence() : null));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.FETCH_FAILED.id())
                    .log(
                            "a file of a watched folder cannot be read: {}",
                            e.getClass().getSimpleName());
            return null;
        }
    }

    private static ContentHash hash(Path file) throws IOException {
        MessageDigest digest = ContentHash.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[64 * 1024];
            while (in.read(buffer) >= 0) {
                // The stream digests what passes.
            }
        }
        return new ContentHash(HexFormat.of().formatHex(digest.digest()));
    }

    private void delete(FolderListing known, String path) {
        FolderListing.Entry entry = known.entry(path);
        if (entry != null) {
            boolean interrupted = !entry.published() && entry.hash() == null;
            add(
                    known,
                    new FileChange(
                            path, 0, 0, null, null, new FileChange.Trace(true, interrupted ? entry.sequence() : null)));
        }
    }

    private void add(FolderListing known, FileChange change) {
        batch.removeIf(earlier -> earlier.path().equals(change.path()));
        batch.add(change);
        batchBytes += change.content() instanceof IncomingChange.Content.Inline ? change.size() : 0;
        if (batch.size() >= BATCH_FILES || batchBytes >= BATCH_BYTES) {
            flush(known);
        }
    }

    private void flush(FolderListing known) {
        if (batch.isEmpty()) {
            return;
        }
        List<FolderListing.Numbered> numbered = known.reserve(List.copyOf(batch));
        batch.clear();
        batchBytes = 0;
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
        listed = known.size();
    }

    private CompletableFuture<?> send(FolderListing known, FolderListing.Numbered numbered) {
        FileChange change = numbered.change();
        Path file = tree.resolve(change.path());
        String source = "folder:" + name;
        DocumentKey key = new DocumentKey(collection.tenant(), collection.collection(), documentId(change.path()));
        ContentHash hash = change.hash();
        String eventId = known.generation() + "." + numbered.sequence() + ":" + change.path() + ":"
                + (hash == null ? "deleted" : hash.value().substring(0, 16));
        ChangeType type =
                hash == null ? ChangeType.DELETED : change.trace().known() ? ChangeType.UPDATED : ChangeType.CREATED;
        Instant time = hash == null ? null : Instant.ofEpochMilli(change.mtime() / 1000);
        return intake.acceptAsync(new IncomingChange(
                key,
                source,
                eventId,
                type,
                new Position(known.generation(), numbered.sequence()),
                change.content(),
                new DocumentProperties(
                        null, file.toUri().toString(), null, String.valueOf(file.getFileName()), null, null, null),
                time));
    }

    private DocumentId documentId(String path) {
        StringBuilder id = new StringBuilder("folder:");
        if (!name.isEmpty()) {
            id.append(name).append('/');
        }
        path.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                id.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            } else {
                id.appendCodePoint(c);
            }
        });
        return new DocumentId(id.toString());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
