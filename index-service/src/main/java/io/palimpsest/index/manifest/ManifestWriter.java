package io.palimpsest.index.manifest;

import io.palimpsest.verifier.manifest.ManifestCheck;
import io.palimpsest.verifier.manifest.ManifestLeaf;
import io.palimpsest.verifier.merkle.GrowingTree;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.Tile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a {@link ManifestFile} out of sorted leaves, under another name until it is whole and on the disk. Keeps an eighth of a
 * byte for each leaf.
 *
 * <p>Threading: one thread.
 */
final class ManifestWriter implements LeafSorter.Taker, AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path unfinished;
    private final OutputStream out;
    private final GrowingTree tree = new GrowingTree();
    private final List<Level> levels = new ArrayList<>();

    /** @param size leaves that will come */
    ManifestWriter(Path folder, long size) throws IOException {
        unfinished = Files.createTempFile(folder, "manifest", ".part");
        out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER);
        out.write(ManifestCheck.header(size));
    }

    /** The roots of one level so far, and what is not complete yet. */
    private static final class Level {
        private final ByteArrayOutputStream roots = new ByteArrayOutputStream();
        private GrowingTree open = new GrowingTree();
    }

    @Override
    public void take(byte[] leaf) throws IOException {
        out.write(leaf, 0, ManifestLeaf.SIZE);
        Hash hash = Hash.leaf(leaf);
        tree.add(hash);
        add(0, hash);
    }

    private void add(int at, Hash hash) {
        if (levels.size() == at) {
            levels.add(new Level());
        }
        Level level = levels.get(at);
        level.open.add(hash);
        if (level.open.size() == Tile.WIDTH) {
            Hash root = level.open.root();
            level.roots.writeBytes(root.bytes());
            level.open = new GrowingTree();
            add(at + 1, root);
        }
    }

    Hash root() {
        return tree.root();
    }

    /** @return bytes of the file */
    long finish(Path file) throws IOException {
        for (Level level : levels) {
            level.roots.writeTo(out);
        }
        out.close();
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return Files.size(file);
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(unfinished);
    }
}
