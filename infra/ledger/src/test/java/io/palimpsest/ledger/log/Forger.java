package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.EntryBundle;
import io.palimpsest.verifier.tlog.Tile;
import io.palimpsest.verifier.tlog.TileHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Changes a log and what else an auditor has; has the log's own key as well, where a kind of tampering needs it. */
final class Forger {
    private final Evidence evidence;
    private final long treeSize;

    Forger(Evidence evidence, long treeSize) {
        this.evidence = evidence;
        this.treeSize = treeSize;
    }

    Evidence evidence() {
        return evidence;
    }

    /** As wide as it is in the newest tree. */
    Tile tile(int level, long index) {
        return Tile.in(treeSize, level, index).orElseThrow();
    }

    /** The one of its level that is not full. */
    Tile last(int level) {
        return tile(level, Tile.nodes(treeSize, level) / Tile.WIDTH);
    }

    byte[] read(Tile tile) {
        return read(tile.path());
    }

    void write(Tile tile, byte[] bytes) {
        write(tile.path(), bytes);
    }

    void delete(String path) {
        try {
            Files.delete(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the lowest bit of one byte. */
    void flip(Tile tile, int at) {
        byte[] bytes = read(tile);
        bytes[at] ^= 1;
        write(tile, bytes);
    }

    void resize(Tile tile, int by) {
        byte[] bytes = read(tile);
        write(tile, Arrays.copyOf(bytes, bytes.length + by));
    }

    void swap(Tile one, Tile other) {
        byte[] bytes = read(one);
        write(one, read(other));
        write(other, bytes);
    }

    void change(Tile bundle, Consumer<List<byte[]>> change) {
        List<byte[]> entries = new ArrayList<>(EntryBundle.decode(read(bundle)));
        change.accept(entries);
        write(bundle, EntryBundle.encode(entries));
    }

    /**
     * Puts another entry there, with its hash.
     *
     * @param level up to which the hashes above it are made to agree
     */
    void rewrite(long index, int level) {
        Tile bundle = tile(Tile.ENTRIES, index / Tile.WIDTH);
        int at = (int) (index % Tile.WIDTH);
        change(bundle, entries -> entries.set(at, Records.later(entries.get(at))));
        put(0, index, Hash.leaf(EntryBundle.decode(read(bundle)).get(at)));
        long node = index;
        for (int above = 1; above <= level; above++) {
            node /= Tile.WIDTH;
            Tile below = tile(above - 1, node);
            if (!below.isFull()) {
                break;
            }
            put(above, node, TileHashes.subtree(read(below), 0, Tile.WIDTH));
        }
    }

    /** The log that it was, or may have been, at a smaller size: tiles as narrow as they were, and a checkpoint signed by the log. */
    void cut(long size) {
        for (int level = Tile.ENTRIES; Tile.nodes(size, level) > 0; level++) {
            long nodes = Tile.nodes(size, level);
            int width = (int) (nodes % Tile.WIDTH);
            if (width > 0) {
                byte[] wide = read(tile(level, nodes / Tile.WIDTH));
                write(
                        new Tile(level, nodes / Tile.WIDTH, width),
                        level == Tile.ENTRIES
                                ? EntryBundle.encode(EntryBundle.decode(wide).subList(0, width))
                                : Arrays.copyOf(wide, width * Hash.SIZE));
            }
        }
        sign(checkpoint(size));
    }

    /** Of the tiles as they are. */
    String checkpoint(long size) {
        Hash root = new MerkleTree(new TileHashes(this::read, treeSize)).root(size);
        return new Checkpoint(Logs.IDENTITY.origin(), size, root).text();
    }

    /** The newest one, as it is. */
    String note() {
        return new String(read("checkpoint"), UTF_8);
    }

    void note(UnaryOperator<String> change) {
        checkpoint(change.apply(note()).getBytes(UTF_8));
    }

    void checkpoint(byte[] bytes) {
        write("checkpoint", bytes);
    }

    /** Changes the text of the newest checkpoint, and has the log sign it: what it may not do. */
    void resign(UnaryOperator<String> change) {
        sign(change.apply(text()));
    }

    String text() {
        String note = note();
        return note.substring(0, note.lastIndexOf("\n\n") + 1);
    }

    void sign(String text) {
        write("checkpoint", signed(text, Logs.SIGNER));
    }

    /** Without the checks of {@link SignedNote}. */
    static byte[] signed(String text, NoteSigner by) {
        return (text + "\n" + by.sign(text).line() + "\n").getBytes(UTF_8);
    }

    private void put(int level, long node, Hash hash) {
        Tile tile = tile(level, node / Tile.WIDTH);
        byte[] hashes = read(tile);
        hash.copyTo(hashes, (int) (node % Tile.WIDTH) * Hash.SIZE);
        write(tile, hashes);
    }

    private byte[] read(String path) {
        try {
            return Files.readAllBytes(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String path, byte[] bytes) {
        try {
            Path file = file(path);
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file); // it may be a link
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String path) {
        return evidence.log.resolve(path);
    }
}
