package io.palimpsest.ledger.log;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.Tile;
import io.palimpsest.verifier.tlog.TileHashes;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whether the files of a log are what its checkpoint says. A checkpoint covers every byte of every tile and entry, so that one
 * changed anywhere is found; nothing is ever mended, because that would be another history.
 *
 * <p>Failure: LEDGER_DAMAGED, with the file.
 */
final class LogCheck {
    private final LogFiles files;
    private final long treeSize;

    LogCheck(LogFiles files, long treeSize) {
        this.files = files;
        this.treeSize = treeSize;
    }

    /** That every file is there with its size. */
    void isComplete() {
        each(Tile.ENTRIES, files::exists);
        for (int level = 0; Tile.nodes(treeSize, level) > 0; level++) {
            each(level, files::exists);
        }
    }

    /** That the hashes above the leaves' belong to each other; the right edge has been compared with the checkpoint. */
    void upperLevelsAgree() {
        for (int level = 1; Tile.nodes(treeSize, level) > 0; level++) {
            each(level, this::agrees);
        }
    }

    /**
     * That leaves and entries agree with the level above them and with each other, from the newest bundle to the first.
     *
     * @param from bundle, counted from the newest: 0
     * @param goesOn asked after each bundle
     * @return how many bundles are checked in all, those before {@code from} included
     */
    long leavesAgree(long from, BooleanSupplier goesOn) {
        long bundles = bundles();
        long checked = from;
        while (checked < bundles) {
            bundleAgrees(bundles - 1 - checked);
            checked++;
            if (!goesOn.getAsBoolean()) {
                break;
            }
        }
        return checked;
    }

    long bundles() {
        return (treeSize + Tile.WIDTH - 1) / Tile.WIDTH;
    }

    private void bundleAgrees(long index) {
        Tile leaves = Tile.in(treeSize, 0, index).orElseThrow();
        byte[] hashes = agrees(leaves);
        Tile bundle = new Tile(Tile.ENTRIES, index, leaves.width());
        List<byte[]> entries = files.entries(bundle);
        for (int i = 0; i < entries.size(); i++) {
            if (!Hash.leaf(entries.get(i)).equals(Hash.of(hashes, i * Hash.SIZE, (i + 1) * Hash.SIZE))) {
                throw files.damaged(bundle, "was changed: entry " + (index * Tile.WIDTH + i) + " has another hash");
            }
        }
    }

    /** A full tile with its hash one level above. */
    private byte[] agrees(Tile tile) {
        byte[] hashes = files.read(tile);
        if (tile.isFull()) {
            Tile above = Tile.in(treeSize, tile.level() + 1, tile.index() / Tile.WIDTH)
                    .orElseThrow();
            int at = (int) (tile.index() % Tile.WIDTH) * Hash.SIZE;
            if (!TileHashes.subtree(hashes, 0, Tile.WIDTH).equals(Hash.of(files.read(above), at, at + Hash.SIZE))) {
                throw files.damaged(tile, "was changed, or " + above.path() + " was");
            }
        }
        return hashes;
    }

    private void each(int level, Consumer<Tile> check) {
        long tiles = (Tile.nodes(treeSize, level) + Tile.WIDTH - 1) / Tile.WIDTH;
        for (long index = 0; index < tiles; index++) {
            check.accept(Tile.in(treeSize, level, index).orElseThrow());
        }
    }
}
