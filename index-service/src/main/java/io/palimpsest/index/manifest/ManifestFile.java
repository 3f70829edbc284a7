package io.palimpsest.index.manifest;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.verifier.manifest.ManifestCheck;
import io.palimpsest.verifier.manifest.ManifestLeaf;
import io.palimpsest.verifier.manifest.SortedLeaves;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.Tile;
import io.palimpsest.verifier.tlog.TileHashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A manifest in a file, of which a proof reads a few kilobytes. Layout: what {@link ManifestCheck} reads; then the roots of the complete subtrees of
 * 256 leaves, 32 bytes each, those of 65,536 leaves, and so on while there are any.
 *
 * <p>Threading: safe. Failure: MANIFEST_FAILED.
 */
final class ManifestFile implements SortedLeaves, AutoCloseable {
    private static final int HEADER = ManifestCheck.HEADER;

    private final Path file;
    private final FileChannel channel;
    private final long size;

    ManifestFile(Path file) {
        this.file = file;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw failed(file, e);
        }
        try {
            size = ManifestCheck.size(bytes(0, HEADER));
        } catch (IllegalArgumentException e) {
            close();
            throw new PalimpsestException(ErrorCode.MANIFEST_FAILED, file.getFileName() + " is no manifest", e);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ManifestLeaf leaf(long index) {
        return ManifestLeaf.of(bytes(HEADER + index * ManifestLeaf.SIZE, ManifestLeaf.SIZE));
    }

    @Override
    public Hash read(int level, long index) {
        int stored = level / Tile.HEIGHT;
        int above = level % Tile.HEIGHT;
        int count = 1 << above;
        long first = index << above;
        byte[] hashes =
                stored == 0 ? leafHashes(first, count) : bytes(place(stored) + first * Hash.SIZE, count * Hash.SIZE);
        return TileHashes.subtree(hashes, 0, count);
    }

    private byte[] leafHashes(long first, int count) {
        byte[] leaves = bytes(HEADER + first * ManifestLeaf.SIZE, count * ManifestLeaf.SIZE);
        byte[] hashes = new byte[count * Hash.SIZE];
        for (int i = 0; i < count; i++) {
            Hash.leaf(Arrays.copyOfRange(leaves, i * ManifestLeaf.SIZE, (i + 1) * ManifestLeaf.SIZE))
                    .copyTo(hashes, i * Hash.SIZE);
        }
        return hashes;
    }

    /** Where the roots of a level begin. */
    private long place(int stored) {
        long place = HEADER + size * ManifestLeaf.SIZE;
        for (int level = 1; level < stored; level++) {
            place += Tile.nodes(size, level) * Hash.SIZE;
        }
        return place;
    }

    private byte[] bytes(long from, int count) {
        ByteBuffer read = ByteBuffer.allocate(count);
        try {
            while (read.hasRemaining()) {
                if (channel.read(read, from + read.position()) < 0) {
                    throw new PalimpsestException(
                            ErrorCode.MANIFEST_FAILED, file.getFileName() + " ends before its leaves do");
                }
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
        return read.array();
    }

    private static PalimpsestException failed(Path file, IOException e) {
        return new PalimpsestException(
                ErrorCode.MANIFEST_FAILED, "manifest " + file.getFileName() + " cannot be read: " + e, e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }
}
