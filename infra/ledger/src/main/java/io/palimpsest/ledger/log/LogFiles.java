package io.palimpsest.ledger.log;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.EntryBundle;
import io.palimpsest.verifier.tlog.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a log under one directory, laid out as C2SP tlog-tiles says: {@code checkpoint}, {@code tile/…}; beside
 * them {@code witnessed}, the newest checkpoint that witnesses have cosigned, and files that are being written in {@code new/}.
 *
 * <p>Threading: one writer, any number of readers. Failure: LEDGER_UNAVAILABLE when the disk refuses, LEDGER_DAMAGED when a
 * file is missing or shorter than it must be.
 */
final class LogFiles {
    static final String CHECKPOINT = "checkpoint";
    static final String WITNESSED = "witnessed";
    private static final String NEW = "new";

    private final Path root;
    private final Disk disk;

    LogFiles(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    /** Removes what a process before this one left half written. */
    void begin() {
        Path unfinished = root.resolve(NEW);
        try {
            Files.createDirectories(unfinished);
            try (Stream<Path> left = Files.list(unfinished)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** @param name {@link #CHECKPOINT} or {@link #WITNESSED} */
    Optional<byte[]> note(String name) {
        try {
            return Optional.of(Files.readAllBytes(root.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** Replaces it; on the disk when this returns. */
    void publish(String name, byte[] note) {
        try {
            Path next = root.resolve(NEW).resolve(name);
            disk.write(next, note);
            disk.rename(next, root.resolve(name));
            disk.sync(root);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** Writes or replaces them; on the disk when this returns. */
    void put(Map<Tile, byte[]> tiles) {
        try {
            Set<Path> directories = new LinkedHashSet<>();
            int number = 0;
            for (Map.Entry<Tile, byte[]> tile : tiles.entrySet()) {
                Path file = file(tile.getKey());
                Path next = root.resolve(NEW).resolve(Integer.toString(number++));
                disk.write(next, tile.getValue());
                Path directory = Objects.requireNonNull(file.getParent());
                make(directory, directories);
                disk.rename(next, file);
                directories.add(directory);
            }
            for (Path directory : directories) {
                disk.sync(directory);
            }
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** Narrower forms of it, which nobody needs once there is a wider one. */
    void drop(Tile tile) {
        try {
            Files.deleteIfExists(file(tile));
            if (!tile.isFull()) {
                Files.deleteIfExists(Objects.requireNonNull(file(tile).getParent()));
            }
        } catch (IOException e) {
            // Another width is in the directory, or the disk refuses: what stays does no harm.
        }
    }

    /** Whether there is any. */
    boolean hasTiles() {
        return Files.exists(root.resolve("tile"));
    }

    /** As it lies there. */
    byte[] read(Tile tile) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file(tile));
        } catch (NoSuchFileException e) {
            throw damaged(tile, "is missing");
        } catch (IOException e) {
            throw unavailable(e);
        }
        if (tile.level() != Tile.ENTRIES && bytes.length != tile.bytes()) {
            throw damaged(tile, "has " + bytes.length + " bytes, not " + tile.bytes());
        }
        return bytes;
    }

    /** The first ones of it. */
    byte[] read(Tile there, int width) {
        byte[] bytes = read(there);
        if (width == there.width()) {
            return bytes;
        }
        return there.level() == Tile.ENTRIES
                ? EntryBundle.encode(entries(there, bytes).subList(0, width))
                : Arrays.copyOf(bytes, width * Hash.SIZE);
    }

    List<byte[]> entries(Tile bundle) {
        return entries(bundle, read(bundle));
    }

    /** @throws PalimpsestException LEDGER_DAMAGED unless it is there with the size that it must have */
    void exists(Tile tile) {
        long size;
        try {
            size = Files.size(file(tile));
        } catch (NoSuchFileException e) {
            throw damaged(tile, "is missing");
        } catch (IOException e) {
            throw unavailable(e);
        }
        if (tile.level() == Tile.ENTRIES ? size < 2L * tile.width() : size != tile.bytes()) {
            throw damaged(tile, "has " + size + " bytes");
        }
    }

    PalimpsestException damaged(Tile tile, String how) {
        return new PalimpsestException(ErrorCode.LEDGER_DAMAGED, root.resolve(tile.path()) + " " + how);
    }

    private List<byte[]> entries(Tile bundle, byte[] bytes) {
        List<byte[]> entries;
        try {
            entries = EntryBundle.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw damaged(bundle, "is torn: " + e.getMessage());
        }
        if (entries.size() != bundle.width()) {
            throw damaged(bundle, "has " + entries.size() + " entries, not " + bundle.width());
        }
        return entries;
    }

    private Path file(Tile tile) {
        return root.resolve(tile.path());
    }

    /** With the directories above it, whose names are to be on the disk as well. */
    private static void make(Path directory, Set<Path> changed) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path above = Objects.requireNonNull(directory.getParent());
        make(above, changed);
        Files.createDirectory(directory);
        changed.add(above);
    }

    private PalimpsestException unavailable(IOException e) {
        return new PalimpsestException(
                ErrorCode.LEDGER_UNAVAILABLE, "the log in " + root + " cannot be read or written: " + e, e);
    }
}
