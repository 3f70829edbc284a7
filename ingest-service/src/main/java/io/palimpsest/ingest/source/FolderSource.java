package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.reconcile.Difference;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.platform.config.FolderSettings;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.lease.Lease;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.retry.BackOff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a folder and publishes what happens to its files. A document's id is {@code folder:} and the path below the
 * root, after the folder's name where it has one; a rename is a create and a delete.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Ordering and idempotency: see
 * {@link FolderListing}; files whose bytes are as listed publish nothing. Failure: broker, store and database are waited
 * for, a defect too; of several processes one watches and the others stand by; what cannot be read is counted and looked at again, and its documents stay; a look that would delete
 * suspiciously much holds the deletes until {@link #approveDeletes}.
 */
public final class FolderSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSource.class);
    private static final Duration BLIND_RESCAN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final BackOff BACK_OFF = new BackOff(PAUSE, Duration.ofMinutes(1));

    private final Folder folder;
    private final FolderTree tree;
    private final FolderSettings settings;
    private final FolderPublisher publisher;
    private final FolderChanges changes;
    private final Sql sql;
    private final Leases leases;
    private final Clock clock;
    private final Thread thread;
    private final DeleteGuard deletes;
    private final FolderBacklog backlog = new FolderBacklog();
    private final Retellings retellings = new Retellings();
    private final FolderReconciliation reconciliation;
    private int failures;
    private volatile long listed;
    private volatile boolean listing = true;
    private volatile boolean elsewhere;
    private volatile boolean watching;
    private volatile boolean closing;
    private volatile @Nullable String problem;

    /**
     * A folder and its place.
     *
     * @param name of the folder in its collection; part of the document ids unless empty
     * @param own files and directories of Palimpsest itself, which are never documents
     * @param maxBytes of a file; larger ones are passed over
     */
    public record Folder(String name, Path root, CollectionKey collection, List<Path> own, long maxBytes) {}

    /** @throws PalimpsestException CONFIG_INVALID where the folder lies in what is our own */
    public FolderSource(
            Folder folder, FolderSettings settings, ChangeIntake intake, Sql sql, Leases leases, Clock clock) {
        this(folder, settings, intake, sql, leases, clock, Files::walkFileTree);
    }

    FolderSource(
            Folder folder,
            FolderSettings settings,
            ChangeIntake intake,
            Sql sql,
            Leases leases,
            Clock clock,
            FolderTree.Walker walker) {
        this.folder = folder;
        this.tree = new FolderTree(folder.root(), folder.own(), walker);
        this.settings = settings;
        this.deletes = new DeleteGuard(settings.maxDeleteRatio());
        this.publisher = new FolderPublisher(folder.name(), folder.collection(), tree, intake);
        this.changes = new FolderChanges(tree, publisher, folder.maxBytes());
        this.reconciliation = new FolderReconciliation(
                folder,
                settings.maxDeleteRatio(),
                () -> new FolderTree(folder.root(), folder.own(), walker),
                publisher,
                retellings,
                () -> watching);
        this.sql = sql;
        this.leases = leases;
        this.clock = clock;
        this.thread =
                Thread.ofPlatform().name("folder-" + folder.name()).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public CollectionKey collection() {
        return folder.collection();
    }

    public String name() {
        return folder.name();
    }

    public FolderProgress progress() {
        return new FolderProgress(
                tree.configured().toString(),
                folder.name(),
                listing,
                elsewhere,
                listed,
                publisher.published(),
                backlog.left(publisher.published(), changes.passedOver().count()),
                changes.passedOver().count(),
                changes.passedOver().told(),
                deletes.held(),
                problem);
    }

    /** Lets the deletes go that the next look finds. */
    public void approveDeletes() {
        deletes.approve();
    }

    /** For comparing it with the documents that we have. */
    public ReconcilableSource reconcilable() {
        return reconciliation;
    }

    public boolean healthy() {
        return thread.isAlive() && problem == null;
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10)); // the form that takes a duration refuses a thread not started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            try (Lease turn = turn();
                    FolderNotices notices = new FolderNotices(tree.fileSystem())) {
                FolderListing known = new FolderListing(sql, listingName(), clock);
                listed = known.size();
                backlog.forget();
                watching = true;
                follow(turn, known, notices);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) {
                problem = problem(e);
                LOG.atWarn().setCause(e).log("a watched folder waits, and is listed again");
                watching = false;
                publisher.clear();
                pause(BACK_OFF.after(++failures));
            }
        }
    }

    /** Returns when no other process watches the folder: two would number the same changes twice. */
    private Lease turn() throws InterruptedException {
        while (true) {
            Optional<Lease> turn = leases.take("folder/" + listingName(), "", lost -> {});
            elsewhere = turn.isEmpty();
            watching = watching && turn.isPresent();
            if (turn.isPresent()) {
                return turn.get();
            }
            listing = false;
            problem = null;
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    private String listingName() {
        return folder.collection() + "/" + folder.name();
    }

    private static String problem(Exception e) {
        return switch (e) {
            case PalimpsestException known -> known.code().id();
            case IOException listing -> "the folder cannot be listed";
            case UncheckedIOException listing -> "the folder cannot be listed";
            default -> ErrorCode.INTERNAL.id();
        };
    }

    private void follow(Lease turn, FolderListing known, FolderNotices notices)
            throws IOException, InterruptedException {
        long lastLook = look(known, notices);
        while (!closing && turn.isHeld()) {
            Set<Path> paths = notices.await(TICK);
            Duration period = notices.isComplete() ? settings.rescan() : BLIND_RESCAN;
            boolean due = System.nanoTime() - lastLook > period.toNanos();
            boolean there = tree.isThere();
            if (there) { // before any look: that one passes over edits that keep size and time
                for (Path path : paths) {
                    changes.compareNoticed(known, notices, path);
                }
                flush(known);
                retellings.answer(differences -> retell(known, notices, differences));
            }
            if (notices.takeLost() || due || !there || deletes.isDue()) {
                lastLook = look(known, notices);
            }
        }
    }

    /** Compares the whole folder with the listing. */
    private long look(FolderListing known, FolderNotices notices) throws IOException, InterruptedException {
        if (!tree.find()) {
            problem = "the folder is not there; nothing is deleted while it is away";
            listing = false;
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return System.nanoTime() - settings.rescan().toNanos();
        }
        listing = true;
        if (!backlog.isKnown()) {
            backlog.count(tree, known, publisher.published());
        }
        List<String> gone = changes.compareAll(known, notices);
        if (deletes.letsGo(gone.size(), known.size())) {
            gone.forEach(path -> changes.delete(known, path));
        }
        flush(known);
        backlog.clear(publisher.published());
        listing = false;
        problem = null;
        failures = 0;
        return System.nanoTime();
    }

    private long retell(FolderListing known, FolderNotices notices, List<Difference> differences) {
        long before = publisher.published();
        try {
            for (Difference difference : differences) {
                changes.retell(known, notices, difference);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        flush(known);
        return publisher.published() - before;
    }

    private void flush(FolderListing known) {
        publisher.flush(known);
        listed = known.size();
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
