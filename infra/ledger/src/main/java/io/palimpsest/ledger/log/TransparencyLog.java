package io.palimpsest.ledger.log;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.lease.FolderLock;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.EntryBundle;
import io.palimpsest.verifier.tlog.Tile;
import io.palimpsest.verifier.tlog.TileHashes;
import io.palimpsest.verifier.tlog.TileReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log in a directory of files as C2SP tlog-tiles lays them out. The newest checkpoint is what the log is: entries beyond it
 * never were in it.
 *
 * <p>Threading: one writer at a time, in one process, which holds the directory; any number of readers. Ordering: what
 * {@link #append} returned for is on the disk, and so is a checkpoint that covers it. Failure: LEDGER_DAMAGED when files are not
 * what the checkpoint says, LEDGER_TAKEN when another process writes, LEDGER_UNAVAILABLE when the disk refuses: then
 * {@link #settle} finds out whether the entries are in the log, and the next append does so by itself.
 */
public final class TransparencyLog implements TileReader, AutoCloseable {
    private final Identity identity;
    private final LogFiles files;
    private final FolderLock lock;
    private volatile Head head;
    private volatile @Nullable Head witnessed;
    private RightEdge edge;
    private List<Tile> narrower = List.of();
    private @Nullable Step unsettled;

    /**
     * Who the log is.
     *
     * @param origin its name, the same for ever
     * @param signers all of them sign each checkpoint: the first is the log's, another one the key that came before it or will
     *     come after it
     * @param former keys that signed once and do no more
     */
    public record Identity(String origin, List<NoteSigner> signers, List<NoteKey> former) {
        public Identity {
            signers = List.copyOf(signers);
            former = List.copyOf(former);
        }

        List<NoteKey> keys() {
            List<NoteKey> keys = new ArrayList<>(former);
            signers.forEach(signer -> keys.add(signer.key()));
            return keys;
        }
    }

    /** The newest checkpoint. */
    public record Head(Checkpoint checkpoint, SignedNote note) {
        public long treeSize() {
            return checkpoint.treeSize();
        }
    }

    private record Step(Head head, RightEdge edge) {}

    private TransparencyLog(Identity identity, LogFiles files, FolderLock lock, Head head, RightEdge edge) {
        this.identity = identity;
        this.files = files;
        this.lock = lock;
        this.head = head;
        this.edge = edge;
    }

    /**
     * Opens it, or makes an empty one; checks it as far as the time allows ({@link Scrub} does the rest).
     *
     * @param time for entries and leaves; the rest of the files is checked whatever it takes
     */
    public static TransparencyLog open(Path directory, Identity identity, Duration time) {
        return open(directory, identity, time, Disk.REAL);
    }

    static TransparencyLog open(Path directory, Identity identity, Duration time, Disk disk) {
        FolderLock lock = hold(directory);
        try {
            LogFiles files = new LogFiles(directory, disk);
            files.begin();
            Optional<byte[]> newest = files.note(LogFiles.CHECKPOINT);
            if (newest.isEmpty() && files.hasTiles()) {
                throw new PalimpsestException(
                        ErrorCode.LEDGER_DAMAGED, "there are tiles in " + directory + ", and no checkpoint of them");
            }
            Head head = newest.isPresent() ? read(newest.get(), identity) : sign(RightEdge.EMPTY, identity);
            RightEdge edge = RightEdge.read(files, head.treeSize());
            if (!edge.root().equals(head.checkpoint().rootHash())) {
                throw new PalimpsestException(
                        ErrorCode.LEDGER_DAMAGED,
                        "the last tiles in " + directory + " are not those of its checkpoint of " + head.treeSize()
                                + " entries: one of them was changed");
            }
            LogCheck check = new LogCheck(files, head.treeSize());
            check.isComplete();
            check.upperLevelsAgree();
            long deadline = System.nanoTime() + time.toNanos();
            long unused = check.leavesAgree(0, () -> System.nanoTime() < deadline);
            if (newest.isEmpty()) {
                files.publish(LogFiles.CHECKPOINT, head.note().bytes());
            }
            TransparencyLog log = new TransparencyLog(identity, files, lock, head, edge);
            files.note(LogFiles.WITNESSED).ifPresent(note -> log.takeUp(read(note, identity)));
            return log;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Adds entries and publishes a checkpoint that covers them.
     *
     * @param entries each at most 65,535 bytes
     * @return index of the first one
     */
    public synchronized long append(List<byte[]> entries) {
        settle();
        RightEdge before = edge;
        if (entries.isEmpty()) {
            return before.treeSize();
        }
        RightEdge.Growth growth = before.with(entries);
        files.put(growth.tiles());
        Head next = sign(growth.edge(), identity);
        if (!isPublished(head)) {
            throw new PalimpsestException(ErrorCode.LEDGER_TAKEN, "another process has published a checkpoint");
        }
        Step step = new Step(next, growth.edge());
        unsettled = step;
        files.publish(LogFiles.CHECKPOINT, next.note().bytes());
        take(step);
        return before.treeSize();
    }

    /** After a disk that refused in the middle of a publication: finds out whether it happened. */
    public synchronized void settle() {
        Step step = unsettled;
        if (step != null) {
            if (isPublished(step.head())) {
                files.publish(LogFiles.CHECKPOINT, step.head().note().bytes()); // until it is on the disk for sure
                take(step);
            }
            unsettled = null;
        }
    }

    private void takeUp(Head cosigned) {
        Checkpoint checkpoint = cosigned.checkpoint();
        if (checkpoint.treeSize() > head.treeSize()
                || !tree().root(checkpoint.treeSize()).equals(checkpoint.rootHash())) {
            throw new PalimpsestException(
                    ErrorCode.LEDGER_DAMAGED,
                    "the log is not the one whose " + checkpoint.treeSize() + " entries witnesses have cosigned");
        }
        witnessed = cosigned;
    }

    private void take(Step step) {
        narrower.forEach(files::drop);
        narrower = edge.tiles().stream()
                .filter(tile -> !step.edge().tiles().contains(tile))
                .toList();
        edge = step.edge();
        head = step.head();
        unsettled = null;
    }

    /**
     * Keeps a checkpoint of this log that witnesses have cosigned, where it is newer than the one before.
     *
     * @throws PalimpsestException LEDGER_UNAVAILABLE when the disk refuses
     */
    public synchronized void keepWitnessed(SignedNote note) {
        Head next = read(note.bytes(), identity);
        if (witnessed == null || next.treeSize() > witnessed.treeSize()) {
            files.publish(LogFiles.WITNESSED, note.bytes());
            witnessed = next;
        }
    }

    /** The newest that was kept. */
    public Optional<Head> witnessed() {
        return Optional.ofNullable(witnessed);
    }

    public Head head() {
        return head;
    }

    /** The keys that verify its checkpoints, the newest last. */
    public List<NoteKey> keys() {
        return identity.keys();
    }

    /**
     * A tile of the newest tree, or the first ones of it.
     *
     * @throws IllegalArgumentException when the tree has no such tile, or it is not that wide yet
     */
    @Override
    public byte[] read(Tile tile) {
        for (int attempt = 1; ; attempt++) {
            Tile there = Tile.in(head.treeSize(), tile.level(), tile.index())
                    .filter(found -> found.width() >= tile.width())
                    .orElseThrow(() -> new IllegalArgumentException("there is no " + tile.path() + " yet"));
            try {
                return files.read(there, tile.width());
            } catch (PalimpsestException e) {
                // Two publications later the narrower file has gone.
                if (attempt == 3
                        || Tile.in(head.treeSize(), tile.level(), tile.index()).equals(Optional.of(there))) {
                    throw e;
                }
            }
        }
    }

    /** @param index from 0 up to, and not with, the size of the newest tree */
    public byte[] entry(long index) {
        return entries(index, index + 1).get(0);
    }

    /**
     * @param from inclusive
     * @param to exclusive
     */
    public List<byte[]> entries(long from, long to) {
        List<byte[]> entries = new ArrayList<>();
        while (from + entries.size() < to) {
            entries.addAll(bundled(from + entries.size(), to));
        }
        return entries;
    }

    /** Those of one bundle at most. */
    private List<byte[]> bundled(long from, long to) {
        Tile bundle = Tile.in(head.treeSize(), Tile.ENTRIES, from / Tile.WIDTH)
                .filter(found -> from % Tile.WIDTH < found.width())
                .orElseThrow(() -> new IllegalArgumentException("there is no entry " + from + " yet"));
        int begin = (int) (from % Tile.WIDTH);
        int end = (int) Math.min(bundle.width(), begin + to - from);
        return EntryBundle.decode(read(bundle)).subList(begin, end);
    }

    /** For roots and proofs of any size up to the newest. */
    public MerkleTree tree() {
        return new MerkleTree(new TileHashes(this, head.treeSize()));
    }

    LogCheck check() {
        return new LogCheck(files, head.treeSize());
    }

    @Override
    public void close() {
        lock.close();
    }

    private static FolderLock hold(Path directory) {
        try {
            return FolderLock.tryHold(directory)
                    .orElseThrow(() -> new PalimpsestException(
                            ErrorCode.LEDGER_TAKEN, "another process writes the log in " + directory.toAbsolutePath()));
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.LEDGER_UNAVAILABLE, "the log in " + directory + " cannot be held: " + e, e);
        }
    }

    private boolean isPublished(Head expected) {
        return files.note(LogFiles.CHECKPOINT)
                .filter(there -> Arrays.equals(there, expected.note().bytes()))
                .isPresent();
    }

    private static Head read(byte[] bytes, Identity identity) {
        try {
            SignedNote note = SignedNote.parse(bytes);
            return new Head(Checkpoint.open(note, identity.origin(), identity.keys()), note);
        } catch (InvalidNoteException e) {
            throw new PalimpsestException(
                    ErrorCode.LEDGER_DAMAGED, "the checkpoint of the log is not its own: " + e.getMessage(), e);
        }
    }

    private static Head sign(RightEdge edge, Identity identity) {
        Checkpoint checkpoint = new Checkpoint(identity.origin(), edge.treeSize(), edge.root());
        String text = checkpoint.text();
        return new Head(
                checkpoint,
                new SignedNote(
                        text,
                        identity.signers().stream()
                                .map(signer -> signer.sign(text))
                                .toList()));
    }
}
