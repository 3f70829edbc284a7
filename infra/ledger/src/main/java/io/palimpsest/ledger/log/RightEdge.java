package io.palimpsest.ledger.log;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.tlog.EntryBundle;
import io.palimpsest.verifier.tlog.Tile;
import io.palimpsest.verifier.tlog.TileHashes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a tree may still change: on each level the hashes of the tile that is not full, at most 255, and the entries of the
 * bundle that is not full. Everything that the next entries need, whatever the size of the log.
 *
 * @param levels level 0 first
 * @param bundle entries of the last bundle
 */
record RightEdge(long treeSize, List<List<Hash>> levels, List<byte[]> bundle) {
    static final RightEdge EMPTY = new RightEdge(0, List.of(), List.of());

    RightEdge {
        levels = levels.stream().map(List::copyOf).toList();
        bundle = List.copyOf(bundle);
    }

    /**
     * After more entries.
     *
     * @param tiles all that are new or wider than before
     */
    record Growth(RightEdge edge, Map<Tile, byte[]> tiles) {}

    /** Of the tree of this size whose files these are. */
    static RightEdge read(LogFiles files, long treeSize) {
        List<List<Hash>> levels = new ArrayList<>();
        for (int level = 0; Tile.nodes(treeSize, level) > 0; level++) {
            long nodes = Tile.nodes(treeSize, level);
            int width = (int) (nodes % Tile.WIDTH);
            List<Hash> hashes = new ArrayList<>();
            if (width > 0) {
                byte[] bytes = files.read(new Tile(level, nodes / Tile.WIDTH, width));
                for (int i = 0; i < width; i++) {
                    hashes.add(Hash.of(bytes, i * Hash.SIZE, (i + 1) * Hash.SIZE));
                }
            }
            levels.add(hashes);
        }
        int last = (int) (treeSize % Tile.WIDTH);
        return new RightEdge(
                treeSize,
                levels,
                last == 0 ? List.of() : files.entries(new Tile(Tile.ENTRIES, treeSize / Tile.WIDTH, last)));
    }

    /** Its tiles, as wide as they are. */
    List<Tile> tiles() {
        List<Tile> tiles = new ArrayList<>();
        for (int level = Tile.ENTRIES; level < levels.size(); level++) {
            long nodes = Tile.nodes(treeSize, level);
            if (nodes % Tile.WIDTH != 0) {
                tiles.add(new Tile(level, nodes / Tile.WIDTH, (int) (nodes % Tile.WIDTH)));
            }
        }
        return tiles;
    }

    Hash root() {
        return new MerkleTree(this::node).root(treeSize);
    }

    Growth with(List<byte[]> entries) {
        Growing growing = new Growing();
        entries.forEach(growing::add);
        return growing.grown();
    }

    /** A root needs no others than these. */
    private Hash node(int level, long index) {
        List<Hash> hashes = levels.get(level / Tile.HEIGHT);
        int above = level % Tile.HEIGHT;
        int from = (int) ((index << above) % Tile.WIDTH);
        return TileHashes.subtree(bytes(hashes), from, 1 << above);
    }

    private static byte[] bytes(List<Hash> hashes) {
        byte[] bytes = new byte[hashes.size() * Hash.SIZE];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).copyTo(bytes, i * Hash.SIZE);
        }
        return bytes;
    }

    /** Its state while entries are added. */
    private final class Growing {
        private final List<List<Hash>> hashes = new ArrayList<>();
        private final List<byte[]> entries = new ArrayList<>(bundle);
        private final Map<Tile, byte[]> tiles = new LinkedHashMap<>();
        private long size = treeSize;

        Growing() {
            levels.forEach(level -> hashes.add(new ArrayList<>(level)));
        }

        void add(byte[] entry) {
            size++;
            entries.add(entry);
            if (entries.size() == Tile.WIDTH) {
                tiles.put(new Tile(Tile.ENTRIES, size / Tile.WIDTH - 1, Tile.WIDTH), EntryBundle.encode(entries));
                entries.clear();
            }
            add(0, Hash.leaf(entry));
        }

        private void add(int level, Hash hash) {
            if (level == hashes.size()) {
                hashes.add(new ArrayList<>());
            }
            List<Hash> tile = hashes.get(level);
            tile.add(hash);
            if (tile.size() == Tile.WIDTH) {
                byte[] full = bytes(tile);
                tiles.put(new Tile(level, Tile.nodes(size, level) / Tile.WIDTH - 1, Tile.WIDTH), full);
                tile.clear();
                add(level + 1, TileHashes.subtree(full, 0, Tile.WIDTH));
            }
        }

        Growth grown() {
            RightEdge edge = new RightEdge(size, hashes, entries);
            for (Tile tile : edge.tiles()) {
                if (Tile.nodes(treeSize, tile.level()) != Tile.nodes(size, tile.level())) {
                    tiles.put(
                            tile,
                            tile.level() == Tile.ENTRIES
                                    ? EntryBundle.encode(entries)
                                    : bytes(hashes.get(tile.level())));
                }
            }
            return new Growth(edge, tiles);
        }
    }
}
