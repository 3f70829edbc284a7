package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.platform.config.FolderSettings;
import io.palimpsest.platform.database.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private static final int GUARDED_DOCUMENTS = 20;
    private static final Duration BLIND_RESCAN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(250);

    private final String name;
    private final CollectionKey collection;
    private final FolderTree tree;
    private final FolderSettings settings;
    private final FolderPublisher publisher;
    private final Sql sql;
    private final Clock clock;
    private final Thread thread;
    private final AtomicLong unreadable = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean approved = new AtomicBoolean();
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
        this.publisher = new FolderPublisher(name, collection, tree, intake);
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
                tree.root().toString(), listing, listed, publisher.published(), unreadable.get(), held.get(), problem);
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
                publisher.clear();
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
        FileChange change = FolderFile.read(file, path, mtime, entry);
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
        publisher.add(known, change);
        listed = known.size();
    }

    private void flush(FolderListing known) {
        publisher.flush(known);
        listed = known.size();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
