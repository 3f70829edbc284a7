package io.palimpsest.verifier.audit;

import io.palimpsest.verifier.merkle.GrowingTree;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.EntryBundle;
import io.palimpsest.verifier.tlog.Tile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Computes the tree of a whole log anew from its entries, and compares it with the newest checkpoint and with checkpoints that
 * were kept from earlier. Tiles of hashes are not looked at: nothing depends on them.
 *
 * <p>Memory does not depend on the size of the log. Failure: InvalidNoteException when a checkpoint is none of this log,
 * InvalidProofException when the log is not what a checkpoint says, IOException when it cannot be read.
 */
public final class LogAudit {
    private final LogPlace place;
    private final String origin;
    private final Collection<NoteKey> keys;

    /** @param keys that this log has signed with */
    public LogAudit(LogPlace place, String origin, Collection<NoteKey> keys) {
        this.place = place;
        this.origin = origin;
        this.keys = List.copyOf(keys);
    }

    /**
     * @param earlier signed checkpoints
     * @param progress told how many entries are read, now and then
     * @return the newest checkpoint
     */
    public Checkpoint run(List<SignedNote> earlier, LongConsumer progress)
            throws IOException, InvalidNoteException, InvalidProofException {
        Checkpoint newest = Checkpoint.open(SignedNote.parse(place.read("checkpoint")), origin, keys);
        Map<Long, Hash> roots = new TreeMap<>();
        for (SignedNote note : earlier) {
            Checkpoint kept = Checkpoint.open(note, origin, keys);
            Hash known = roots.putIfAbsent(kept.treeSize(), kept.rootHash());
            if (known != null && !known.equals(kept.rootHash())) {
                throw new InvalidProofException(
                        "the log has signed two different checkpoints of " + kept.treeSize() + " entries");
            }
            if (kept.treeSize() > newest.treeSize()) {
                throw new InvalidProofException("the log has " + newest.treeSize() + " entries, and had "
                        + kept.treeSize() + ": some are gone");
            }
        }
        GrowingTree tree = new GrowingTree();
        compare(tree, roots);
        for (long bundle = 0; tree.size() < newest.treeSize(); bundle++) {
            for (byte[] entry : entries(newest.treeSize(), bundle)) {
                tree.add(Hash.leaf(entry));
                compare(tree, roots);
            }
            progress.accept(tree.size());
        }
        if (!tree.root().equals(newest.rootHash())) {
            throw new InvalidProofException(
                    "the entries are not those of the checkpoint: one was changed, added or left out");
        }
        return newest;
    }

    private static void compare(GrowingTree tree, Map<Long, Hash> roots) throws InvalidProofException {
        Hash expected = roots.get(tree.size());
        if (expected != null && !expected.equals(tree.root())) {
            throw new InvalidProofException("the first " + tree.size()
                    + " entries are not those of the earlier checkpoint: history was rewritten");
        }
    }

    private List<byte[]> entries(long treeSize, long index) throws IOException, InvalidProofException {
        Tile bundle = Tile.in(treeSize, Tile.ENTRIES, index).orElseThrow();
        try {
            List<byte[]> entries = EntryBundle.decode(read(bundle));
            if (entries.size() < bundle.width()) {
                throw new InvalidProofException(
                        bundle.path() + " has " + entries.size() + " entries, not " + bundle.width());
            }
            return entries.subList(0, bundle.width());
        } catch (IllegalArgumentException e) {
            throw new InvalidProofException(bundle.path() + " is torn: " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new InvalidProofException(bundle.path() + " is missing");
        }
    }

    /** A bundle that has become full meanwhile may be there in that form only (tlog-tiles). */
    private byte[] read(Tile bundle) throws IOException {
        try {
            return place.read(bundle.path());
        } catch (NoSuchFileException e) {
            if (bundle.isFull()) {
                throw e;
            }
            return place.read(bundle.full().path());
        }
    }
}
