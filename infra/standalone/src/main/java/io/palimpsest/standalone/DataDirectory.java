package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.lease.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The data directory, held by one process at a time; readable by its owner only. */
final class DataDirectory {
    private DataDirectory() {}

    /** @throws PalimpsestException CONFIG_INVALID when another process holds it or it cannot be made */
    static FolderLock hold(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                }
            }
            return FolderLock.tryHold(directory)
                    .orElseThrow(() -> new PalimpsestException(
                            ErrorCode.CONFIG_INVALID,
                            "another Palimpsest runs on " + directory.toAbsolutePath()
                                    + ": stop it, or give another --data DIR"));
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "the data directory " + directory.toAbsolutePath() + " cannot be used: " + e.getMessage(),
                    e);
        }
    }
}
