package io.palimpsest.platform.content;

import com.google.crypto.tink.StreamingAead;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@link ContentStore} in files: {@code <root>/<tenant>/<collection>/<hh>/<document hash>/<content hash>}, see
 * {@link SealedFile}. A file appears whole under its name or not at all; plain text never touches the disk.
 */
public final class FileContentStore extends SealingStore {
    /** Older ones were left by a process that died; a younger one may be another's that is still writing. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path root;
    private final Path temporary;
    private final Durability durability;

    /** What a returned {@code put} has survived. */
    public enum Durability {
        /** The end of the process. */
        PROCESS,
        /** Loss of power: every file and the folders that name it are forced to the disk. */
        POWER
    }

    public FileContentStore(Path root, DocumentKeys keys) {
        this(root, keys, Durability.PROCESS);
    }

    public FileContentStore(Path root, DocumentKeys keys, Durability durability) {
        super(keys);
        this.root = root;
        this.temporary = root.resolve(".tmp");
        this.durability = durability;
        try {
            Files.createDirectories(temporary);
            removeAbandoned();
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED, "the content store's folder " + root + " cannot be used", e);
        }
    }

    @Override
    public Optional<InputStream> open(DocumentKey key, ContentHash hash) {
        Path path = path(key, hash);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        Optional<StreamingAead> own = keys.find(key);
        if (own.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SealedFile(path, new Seal(own.get(), key, hash)).open());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("content " + hash + " cannot be opened", key, e);
        }
    }

    @Override
    public boolean contains(DocumentKey key, ContentHash hash) {
        return Files.exists(path(key, hash)) && keys.find(key).isPresent();
    }

    @Override
    public Set<ContentHash> list(DocumentKey key) {
        if (keys.find(key).isEmpty()) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(folder(key))) {
            return files.map(file -> new ContentHash(file.getFileName().toString()))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IOException e) {
            throw failed("its content cannot be listed", key, e);
        }
    }

    @Override
    public void delete(DocumentKey key, ContentHash hash) {
        try {
            Files.deleteIfExists(path(key, hash));
        } catch (IOException e) {
            throw failed("content " + hash + " cannot be deleted", key, e);
        }
    }

    @Override
    public void eraseDocument(DocumentKey key) {
        // The key first: from here on nothing is readable, whatever happens to the files.
        keys.destroy(key);
        try {
            FolderTree.delete(folder(key));
        } catch (IOException e) {
            throw failed("its files cannot be deleted; they are unreadable, the key is destroyed", key, e);
        }
    }

    @Override
    ContentHash put(StreamingAead own, DocumentKey key, ContentHash hash, Seal.Content content) {
        Path unfinished = temporary.resolve(UUID.randomUUID().toString());
        try {
            SealedFile file = new SealedFile(path(key, hash), new Seal(own, key, hash));
            if (Files.exists(file.path()) && file.isIntact()) {
                return hash;
            }
            file.writeTo(unfinished, content, isSynced());
            moveInto(folder(key), unfinished, file.path());
            return hash;
        } catch (IOException e) {
            throw failed("content " + hash + " cannot be stored", key, e);
        } finally {
            deleteQuietly(unfinished);
        }
    }

    private void moveInto(Path folder, Path unfinished, Path target) throws IOException {
        Files.createDirectories(folder);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (isSynced()) {
            force(folder);
        }
    }

    private boolean isSynced() {
        return durability == Durability.POWER;
    }

    /** The entries of a folder and of those above it, which may be as new. */
    private void force(Path folder) throws IOException {
        for (Path each = folder; each != null && each.startsWith(root); each = each.getParent()) {
            try (FileChannel channel = FileChannel.open(each, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private Path folder(DocumentKey key) {
        return root.resolve(Seal.folder(key));
    }

    private Path path(DocumentKey key, ContentHash hash) {
        return folder(key).resolve(hash.value());
    }

    private void removeAbandoned() throws IOException {
        Instant limit = Instant.now().minus(ABANDONED);
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is encrypted, and removed at a later start.
        }
    }
}
