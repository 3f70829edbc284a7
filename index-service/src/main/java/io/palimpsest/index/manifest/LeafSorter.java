package io.palimpsest.index.manifest;

import io.palimpsest.verifier.manifest.ManifestLeaf;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts any number of leaves in bounded memory: runs are sorted, written to files, and merged.
 *
 * <p>Threading: one thread.
 */
final class LeafSorter implements AutoCloseable {
    /** 18 MiB of leaves. */
    static final int RUN = 1 << 18;

    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final int runLength;
    private final List<byte[]> run = new ArrayList<>();
    private final List<Path> runs = new ArrayList<>();

    /** @param folder for the runs; there until {@link #close} */
    LeafSorter(Path folder, int runLength) {
        this.folder = folder;
        this.runLength = runLength;
    }

    /** Takes leaves in their order. */
    interface Taker {
        void take(byte[] leaf) throws IOException;
    }

    void add(byte[] leaf) throws IOException {
        run.add(leaf);
        if (run.size() == runLength) {
            spill();
        }
    }

    /** Everything that was added, in the order of the unsigned bytes. */
    void sorted(Taker taker) throws IOException {
        if (runs.isEmpty()) {
            run.sort(Arrays::compareUnsigned);
            for (byte[] leaf : run) {
                taker.take(leaf);
            }
            return;
        }
        spill();
        PriorityQueue<Run> heads = new PriorityQueue<>((a, b) -> Arrays.compareUnsigned(a.head, b.head));
        try {
            for (Path file : runs) {
                Run opened = new Run(file);
                if (opened.next()) {
                    heads.add(opened);
                }
            }
            while (!heads.isEmpty()) {
                Run first = heads.remove();
                taker.take(first.head);
                if (first.next()) {
                    heads.add(first);
                }
            }
        } finally {
            for (Run left : heads) {
                left.in.close();
            }
        }
    }

    private void spill() throws IOException {
        if (run.isEmpty()) {
            return;
        }
        run.sort(Arrays::compareUnsigned);
        Path file = Files.createTempFile(folder, "run", ".part");
        runs.add(file);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
            for (byte[] leaf : run) {
                out.write(leaf);
            }
        }
        run.clear();
    }

    @Override
    public void close() throws IOException {
        for (Path file : runs) {
            Files.deleteIfExists(file);
        }
    }

    private static final class Run {
        private final DataInputStream in;
        private long left;
        private byte[] head = new byte[0];

        Run(Path file) throws IOException {
            left = Files.size(file) / ManifestLeaf.SIZE;
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
        }

        boolean next() throws IOException {
            if (left == 0) {
                in.close();
                return false;
            }
            head = new byte[ManifestLeaf.SIZE];
            in.readFully(head);
            left--;
            return true;
        }
    }
}
