package io.palimpsest.platform.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.platform.registry.ArtifactKind;
import io.palimpsest.platform.registry.ArtifactUses;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folders of models, kept in the content store as documents of a reserved tenant, with a row each in the table {@code model}.
 *
 * <p>Threading: safe, also against other processes. Ordering and idempotency: a model is in the list only after all its bytes are
 * in the store; putting it again changes nothing and repairs damaged copies. Failure: {@link ErrorCode#MODEL_DAMAGED}, {@link
 * ErrorCode#MODEL_UNKNOWN}, {@link ErrorCode#STORE_FAILED}, {@link ErrorCode#DATABASE_FAILED}.
 */
public final class ModelStore {
    static final CollectionKey RESERVED = new CollectionKey(ModelManifest.TENANT, new CollectionId("models"));

    private static final String SELECT = "SELECT manifest, state, registered_at FROM model";

    private final ContentStore store;
    private final Sql sql;
    private final Path cache;
    private final InstantSource clock;

    /** @param cache folder for copies on this machine's disk */
    public ModelStore(ContentStore store, Sql sql, Path cache, InstantSource clock) {
        this.store = store;
        this.sql = sql;
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * Takes a model in.
     *
     * @param folder manifest and every file that it names; other files stay out
     */
    public ModelManifest put(Path folder) {
        ModelManifest manifest = ModelFolder.checked(folder);
        find(manifest.id()).ifPresent(kept -> requireSame(manifest, kept.manifest()));
        DocumentKey key = key(manifest.id());
        manifest.files().forEach((name, hash) -> {
            if (!store.putFile(key, folder.resolve(name)).equals(hash)) {
                throw ModelFolder.damaged(manifest.id(), "its file " + name + " changed while it was read", null);
            }
        });
        ContentHash snapshot = manifest.snapshot();
        ModelId base = manifest.base();
        sql.update(
                "INSERT INTO model (id, kind, base, snapshot, manifest, state, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO NOTHING",
                manifest.id().value(),
                manifest.kind().name(),
                base == null ? null : base.value(),
                snapshot == null ? null : snapshot.value(),
                Json.writeText(manifest),
                RegisteredModel.State.REGISTERED.name(),
                clock.instant().toEpochMilli());
        ModelManifest kept = find(manifest.id()).map(RegisteredModel::manifest).orElse(manifest);
        requireSame(manifest, kept);
        return kept;
    }

    /** The id has only a part of the files' hash. */
    private static void requireSame(ModelManifest given, ModelManifest kept) {
        if (!given.files().equals(kept.files())) {
            throw new PalimpsestException(
                    ErrorCode.ARTIFACT_DIFFERS, "model " + given.id() + " is registered already, with other files");
        }
    }

    /**
     * Takes a model away, with its files' key.
     *
     * @throws PalimpsestException {@link ErrorCode#ARTIFACT_IN_USE} while a generation, a model, a running run or an alias stands on it;
     *     {@link ErrorCode#MODEL_UNKNOWN}
     */
    public void remove(ModelId id) {
        ModelManifest manifest = find(id).orElseThrow(
                        () -> new PalimpsestException(ErrorCode.MODEL_UNKNOWN, "there is no model " + id))
                .manifest();
        sql.inTransaction(transaction -> {
            ArtifactUses.requireNone(transaction, kind(manifest), id.value());
            return transaction.update("DELETE FROM model WHERE id = ?", id.value());
        });
        store.eraseDocument(key(id));
    }

    private static ArtifactKind kind(ModelManifest manifest) {
        return switch (manifest.kind()) {
            case ENCODER -> ArtifactKind.EMBEDDER;
            case QUERY_ADAPTER -> ArtifactKind.ADAPTER;
            case GENERATOR -> ArtifactKind.GENERATOR;
        };
    }

    /** A folder on this disk with every file as the manifest says; not to be written to. */
    public Path open(ModelId id) {
        ModelManifest manifest = find(id).orElseThrow(
                        () -> new PalimpsestException(ErrorCode.MODEL_UNKNOWN, "there is no model " + id))
                .manifest();
        Path folder = cache.resolve(ContentHash.ofText(id.value()).value().substring(0, 32));
        if (!isWhole(folder, manifest)) {
            fetch(manifest, folder);
        }
        return folder;
    }

    public Optional<RegisteredModel> find(ModelId id) {
        return sql.first(SELECT + " WHERE id = ?", ModelStore::read, id.value());
    }

    /** Newest first. */
    public List<RegisteredModel> list() {
        return sql.query(SELECT + " ORDER BY registered_at DESC, id", ModelStore::read);
    }

    /** In the caller's transaction; nothing happens for a model that is not in the store, such as the configured one. */
    public static void mark(Sql.Transaction transaction, ModelId id, RegisteredModel.State state) throws SQLException {
        transaction.update("UPDATE model SET state = ? WHERE id = ?", state.name(), id.value());
    }

    private static RegisteredModel read(ResultSet row) throws SQLException {
        return new RegisteredModel(
                Json.read(row.getString(1).getBytes(UTF_8), ModelManifest.class),
                RegisteredModel.State.valueOf(row.getString(2)),
                Instant.ofEpochMilli(row.getLong(3)));
    }

    private static DocumentKey key(ModelId id) {
        return DocumentKey.of(RESERVED, id.value());
    }

    private static boolean isWhole(Path folder, ModelManifest manifest) {
        try {
            return Files.isDirectory(folder) && ModelFolder.checked(folder).equals(manifest);
        } catch (PalimpsestException e) {
            return false; // cut off by a crash, or the disk's fault: it is fetched again
        }
    }

    private void fetch(ModelManifest manifest, Path folder) {
        Path partial = null;
        try {
            Files.createDirectories(cache);
            partial = Files.createTempDirectory(cache, "part-");
            for (Map.Entry<String, ContentHash> file : manifest.files().entrySet()) {
                copy(manifest.id(), file.getValue(), partial.resolve(file.getKey()));
            }
            Files.write(partial.resolve(ModelManifest.FILE), Json.write(manifest));
            FolderTree.delete(folder);
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another process of this folder was faster.
            if (!isWhole(folder, manifest)) {
                throw unwritable(manifest.id(), e);
            }
        } catch (IOException e) {
            throw unwritable(manifest.id(), e);
        } finally {
            tidy(partial);
        }
    }

    private void copy(ModelId id, ContentHash hash, Path target) throws IOException {
        try (InputStream in = store.open(key(id), hash)
                .orElseThrow(() -> ModelFolder.damaged(id, "a file of it is not in the content store", null))) {
            Files.copy(in, target);
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_DAMAGED) {
                throw ModelFolder.damaged(id, "a file of it is damaged in the content store", e);
            }
            throw e;
        }
    }

    private PalimpsestException unwritable(ModelId id, IOException cause) {
        return new PalimpsestException(ErrorCode.STORE_FAILED, "model " + id + " cannot be copied to " + cache, cause);
    }

    private static void tidy(@Nullable Path partial) {
        try {
            if (partial != null) {
                FolderTree.delete(partial);
            }
        } catch (IOException e) {
            // What is left over takes room, and nothing else: no folder is read that is not whole.
        }
    }
}
