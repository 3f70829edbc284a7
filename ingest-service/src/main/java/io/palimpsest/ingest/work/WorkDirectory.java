package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Plain working copies of documents: readable by this user only, and gone when their work is done. What a killed process
 * left is deleted at the next start.
 */
final class WorkDirectory {
    private static final String PREFIX = "work-";

    private final Path directory;

    private WorkDirectory(Path directory) {
        this.directory = directory;
    }

    static WorkDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            if (isPosix(directory)) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            }
            return new WorkDirectory(directory);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "not writable: " + directory, e);
        }
    }

    /** A new empty file that {@link Copy#close} deletes. */
    Copy newCopy() {
        try {
            // createTempFile makes it 0600 on POSIX systems.
            return new Copy(Files.createTempFile(directory, PREFIX, ".bin"));
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "no working copy can be made", e);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** One working copy. */
    record Copy(Path file) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("a working copy could not be deleted", e);
            }
        }
    }
}
