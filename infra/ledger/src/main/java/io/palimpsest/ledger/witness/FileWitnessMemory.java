package io.palimpsest.ledger.witness;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.lease.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@link WitnessMemory} in one file of a folder, see {@link WitnessState}: it is there whole, as before or as after. One process
 * holds the folder.
 *
 * <p>It cannot see that the whole folder is a copy of an earlier day: a witness does not come back from a backup.
 */
public final class FileWitnessMemory implements WitnessMemory, AutoCloseable {
    private static final String STATE = "state";

    private final Path folder;
    private final FolderLock lock;
    private SortedMap<String, TreeHead> heads;

    /** Whether there must be a file. */
    public enum Expected {
        /** A key that has cosigned, and nobody knows what, would cosign a fork. */
        PRESENT,
        /** The key has cosigned nothing yet. */
        ABSENT,
        EITHER
    }

    private FileWitnessMemory(Path folder, FolderLock lock, SortedMap<String, TreeHead> heads) {
        this.folder = folder;
        this.lock = lock;
        this.heads = heads;
    }

    /**
     * @param folder made where there is none
     * @throws PalimpsestException {@link ErrorCode#CONFIG_INVALID} when another process holds it, the file is damaged, or is not
     *     there or is there against what is expected
     */
    public static FileWitnessMemory open(Path folder, Expected expected) {
        FolderLock lock = hold(folder);
        try {
            FileWitnessMemory memory = new FileWitnessMemory(folder, lock, read(folder.resolve(STATE), expected));
            // What was read may have been written by a process that died before the disk had it.
            memory.write(memory.heads);
            return memory;
        } catch (IOException e) {
            lock.close();
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "the state of the witness in " + folder + " can be neither read nor written",
                    e);
        } catch (PalimpsestException e) {
            lock.close();
            throw e;
        }
    }

    private static FolderLock hold(Path folder) {
        try {
            return FolderLock.tryHold(folder)
                    .orElseThrow(() -> new PalimpsestException(
                            ErrorCode.CONFIG_INVALID,
                            "another witness runs on " + folder.toAbsolutePath() + ": stop it first"));
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "the folder " + folder.toAbsolutePath() + " cannot be used", e);
        }
    }

    @Override
    public TreeHead last(String origin) {
        return heads.getOrDefault(origin, TreeHead.NONE);
    }

    @Override
    public void remember(String origin, TreeHead head) throws IOException {
        SortedMap<String, TreeHead> next = new TreeMap<>(heads);
        next.put(origin, head);
        write(next);
        heads = next;
    }

    @Override
    public void close() {
        lock.close();
    }

    private static SortedMap<String, TreeHead> read(Path file, Expected expected) throws IOException {
        boolean isThere = Files.exists(file);
        if (!isThere && expected == Expected.PRESENT) {
            throw refused("the key has been used, and what it has cosigned last is lost: " + file
                    + " is not there. Make a new key; or say --new-state where it has never cosigned anything");
        }
        if (isThere && expected == Expected.ABSENT) {
            throw refused("there is a state already: " + file + ". Leave --new-state out");
        }
        try {
            return isThere ? WitnessState.parse(Files.readAllBytes(file)) : new TreeMap<>();
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    file + " is damaged, " + e.getMessage()
                            + ": nothing is cosigned without knowing what was. Make a new key with a new folder",
                    e);
        }
    }

    private void write(SortedMap<String, TreeHead> next) throws IOException {
        Path unfinished = folder.resolve(STATE + ".tmp");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(WitnessState.bytes(next));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                unfinished, folder.resolve(STATE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static PalimpsestException refused(String why) {
        return new PalimpsestException(ErrorCode.CONFIG_INVALID, why);
    }
}
