package io.palimpsest.ledger.log;

import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ends the process, as it were, after a number of bytes and steps: within a file, or between two steps. */
final class BreakingDisk implements Disk {
    private final List<Checkpoint> published = new ArrayList<>();
    private long left;

    /** As if by {@code kill -9}: not an exception that somebody handles. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    BreakingDisk(long left) {
        this.left = left;
    }

    /** What anybody may have seen. */
    List<Checkpoint> published() {
        return published;
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        if (left < bytes.length) {
            Files.write(file, Arrays.copyOf(bytes, (int) left));
            throw new Killed();
        }
        left -= bytes.length;
        step();
        Disk.REAL.write(file, bytes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        Disk.REAL.rename(from, to);
        if (to.endsWith("checkpoint")) {
            try {
                published.add(Checkpoint.parse(
                        SignedNote.parse(Files.readAllBytes(to)).text()));
            } catch (io.palimpsest.verifier.note.InvalidNoteException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    public void sync(Path directory) throws IOException {
        step();
        Disk.REAL.sync(directory);
    }

    private void step() {
        if (left-- <= 0) {
            throw new Killed();
        }
    }
}
