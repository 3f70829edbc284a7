package io.palimpsest.ledger.log;

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

/** That one process writes a log: ends with the process, however it ends. */
final class WriterLock implements AutoCloseable {
    private final FileChannel channel;

    private WriterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws PalimpsestException LEDGER_TAKEN when another process has it, LEDGER_UNAVAILABLE when it cannot be made */
    static WriterLock hold(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new PalimpsestException(
                        ErrorCode.LEDGER_TAKEN, "another process writes the log in " + directory.toAbsolutePath());
            }
            return new WriterLock(channel);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.LEDGER_UNAVAILABLE, "the log in " + directory + " cannot be held: " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
