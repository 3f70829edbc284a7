package io.palimpsest.retrain.snapshot;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders in clear, for as long as a trainer's process reads them. Only their owner may look into them. What a process that was
 * killed left behind is deleted when the next one opens: each holds a lock on its own.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#STORE_FAILED}.
 */
public final class ClearFolders implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path root;
    private final Path own;
    private final FileChannel lock;

    private ClearFolders(Path root, Path own, FileChannel lock) {
        this.root = root;
        this.own = own;
        this.lock = lock;
    }

    /** One folder; deleted when it is closed. */
    public final class ClearFolder implements AutoCloseable {
        private final Path folder;

        private ClearFolder(Path folder) {
            this.folder = folder;
        }

        /** As trainers read it. */
        public Path snapshot() {
            return folder.resolve("snapshot");
        }

        /** What a trainer's process says may quote what it reads. */
        public Path log() {
            return folder.resolve("training.log");
        }

        @Override
        public void close() {
            try {
                FolderTree.delete(folder);
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    /** Deletes what is left of processes that are gone. */
    public static ClearFolders open(Path root) {
        try {
            Files.createDirectories(root);
            sweep(root);
            Path own = root.resolve(UUID.randomUUID().toString());
            FileChannel lock = FileChannel.open(lockOf(own), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock unused = lock.lock();
            Files.createDirectory(own, ownersOnly(root)); // after the lock: who finds the folder unlocked may delete it
            return new ClearFolders(root, own, lock);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED, "the folder of trainings " + root + " cannot be used", e);
        }
    }

    private static void sweep(Path root) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(root)) {
            folders = all.filter(Files::isDirectory).toList();
        }
        for (Path folder : folders) {
            try (FileChannel channel =
                            FileChannel.open(lockOf(folder), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock taken = tried(channel)) {
                if (taken != null) {
                    FolderTree.delete(folder);
                    Files.deleteIfExists(lockOf(folder));
                }
            }
        }
    }

    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another one's in this process
        }
    }

    /** The snapshot in clear. */
    public ClearFolder of(Snapshot snapshot) {
        ClearFolder clear = new ClearFolder(own.resolve(UUID.randomUUID().toString()));
        try {
            Files.createDirectory(clear.folder, ownersOnly(root));
            Files.createDirectory(clear.snapshot(), ownersOnly(root));
            snapshot.writeTo(clear.snapshot());
            return clear;
        } catch (IOException e) {
            clear.close();
            throw failed(e);
        } catch (RuntimeException e) {
            clear.close();
            throw e;
        }
    }

    private PalimpsestException failed(IOException e) {
        return new PalimpsestException(
                ErrorCode.STORE_FAILED, "a training set cannot be written to or deleted from " + root, e);
    }

    private static FileAttribute<?>[] ownersOnly(Path root) throws IOException {
        return Files.getFileStore(root).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    /** Whoever trains must have ended. */
    @Override
    public void close() {
        try {
            FolderTree.delete(own);
            lock.close();
            Files.deleteIfExists(lockOf(own));
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
