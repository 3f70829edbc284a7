package io.palimpsest.verifier.tlog;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.HashReader;

/**
 * The nodes of the tree of one size, out of its tiles: every eighth level is stored, those between are computed.
 *
 * <p>Threading: as the reader's.
 */
public final class TileHashes implements HashReader {
    private final TileReader tiles;
    private final long treeSize;

    /** @param treeSize of the checkpoint whose tiles are asked for */
    public TileHashes(TileReader tiles, long treeSize) {
        this.tiles = tiles;
        this.treeSize = treeSize;
    }

    @Override
    public Hash read(int level, long index) {
        int stored = level / Tile.HEIGHT;
        int above = level % Tile.HEIGHT;
        long first = index << above;
        Tile tile = Tile.in(treeSize, stored, first / Tile.WIDTH)
                .orElseThrow(() -> new IllegalArgumentException(
                        "a tree of " + treeSize + " leaves has no node " + index + " at level " + level));
        int from = (int) (first % Tile.WIDTH);
        return subtree(tiles.read(tile), from, 1 << above);
    }

    /** Root over some hashes of a tile; their number is a power of two. */
    public static Hash subtree(byte[] hashes, int from, int count) {
        if (count == 1) {
            return Hash.of(hashes, from * Hash.SIZE, (from + 1) * Hash.SIZE);
        }
        int half = count / 2;
        return Hash.node(subtree(hashes, from, half), subtree(hashes, from + half, half));
    }
}
