package io.palimpsest.ledger.witness;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A folder that one process holds until it closes this, or ends. */
final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws PalimpsestException {@link ErrorCode#CONFIG_INVALID} when another holds it, or it cannot be made */
    static FolderLock hold(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new PalimpsestException(
                        ErrorCode.CONFIG_INVALID,
                        "another witness runs on " + folder.toAbsolutePath() + ": stop it first");
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "the folder " + folder.toAbsolutePath() + " cannot be used", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The lock goes with its channel. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is released when the process ends.
        }
    }
}
