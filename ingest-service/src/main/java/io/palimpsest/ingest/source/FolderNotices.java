package io.palimpsest.ingest.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices of the file system about a tree of directories, gathered until it is quiet.
 *
 * <p>Threading: confined to the source's thread. Failure: notices that were lost, or directories that cannot be watched,
 * show in {@link #takeLost}; then only a full look helps.
 */
final class FolderNotices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderNotices.class);
    private static final Duration QUIET = Duration.ofMillis(80);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final WatchService service;
    private final Map<WatchKey, Path> directories = new HashMap<>();
    private boolean lost;
    private boolean complete = true;

    FolderNotices(FileSystem files) throws IOException {
        this.service = files.newWatchService();
    }

    /** A directory that moved keeps its key: registering it again gives the key its new path. */
    void watch(Path directory) {
        try {
            WatchKey key = directory.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            directories.put(key, directory);
        } catch (IOException e) {
            if (complete) {
                LOG.atWarn().setCause(e).log("a directory cannot be watched; changes in it are found by listing only");
            }
            complete = false;
        }
    }

    /** Every directory is watched: without it, listing must be frequent. */
    boolean isComplete() {
        return complete;
    }

    /** @return paths that something happened to; empty when nothing did in time */
    Set<Path> await(Duration timeout) throws InterruptedException {
        Set<Path> paths = new LinkedHashSet<>();
        WatchKey key = poll(timeout);
        long until = System.nanoTime() + LONGEST.toNanos();
        while (key != null) {
            collect(key, paths);
            key = System.nanoTime() < until ? poll(QUIET) : null;
        }
        return paths;
    }

    /** Whether notices were lost since the last call. */
    boolean takeLost() {
        boolean was = lost;
        lost = false;
        return was;
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("a watch service did not close");
        }
    }

    private @Nullable WatchKey poll(Duration timeout) throws InterruptedException {
        try {
            return service.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ClosedWatchServiceException e) {
            return null;
        }
    }

    private void collect(WatchKey key, Set<Path> paths) {
        Path directory = directories.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind().equals(StandardWatchEventKinds.OVERFLOW) || directory == null) {
                lost = true;
            } else if (event.context() instanceof Path name) {
                paths.add(directory.resolve(name));
            }
        }
        if (!key.reset()) {
            directories.remove(key);
            if (directory != null) {
                paths.add(directory);
            }
        }
    }
}
