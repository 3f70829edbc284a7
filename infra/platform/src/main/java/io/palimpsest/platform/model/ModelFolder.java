package io.palimpsest.platform.model;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model's folder on the disk, and whether it is what its manifest says. */
final class ModelFolder {
    private ModelFolder() {}

    /** @throws PalimpsestException {@link ErrorCode#MODEL_DAMAGED} where manifest and files do not agree */
    static ModelManifest checked(Path folder) {
        ModelManifest manifest = manifest(folder);
        for (Map.Entry<String, ContentHash> file : manifest.files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (!isPlainName(file.getKey()) || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw damaged(manifest.id(), "its file " + file.getKey() + " is not there", null);
            }
            if (!hash(manifest.id(), path).equals(file.getValue())) {
                throw damaged(
                        manifest.id(), "its file " + file.getKey() + " has other bytes than its manifest says", null);
            }
        }
        requireId(manifest);
        return manifest;
    }

    static PalimpsestException damaged(ModelId id, String message, @Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.MODEL_DAMAGED, "model " + id + ": " + message, cause);
    }

    private static ModelManifest manifest(Path folder) {
        Path file = folder.resolve(ModelManifest.FILE);
        try {
            ModelManifest manifest = Json.read(Files.readAllBytes(file), ModelManifest.class);
            if (Stream.of(manifest.id(), manifest.kind(), manifest.trainer()).noneMatch(Objects::isNull)) {
                return manifest;
            }
            throw new PalimpsestException(ErrorCode.MODEL_DAMAGED, ModelManifest.FILE + " lacks id, kind or trainer");
        } catch (IOException | UncheckedIOException e) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_DAMAGED, "the folder has no readable " + ModelManifest.FILE, e);
        }
    }

    private static boolean isPlainName(String name) {
        return !name.isBlank()
                && !name.contains("/")
                && !name.contains("\\")
                && !name.startsWith(".")
                && !name.equals(ModelManifest.FILE);
    }

    /** Content-addressed: its last part speaks of the files. */
    private static void requireId(ModelManifest manifest) {
        String[] parts = manifest.id().value().split("/", -1);
        if (parts.length != 3
                || manifest.files().isEmpty()
                || !ModelManifest.idOf(parts[0], parts[1], manifest.files()).equals(manifest.id())) {
            throw damaged(manifest.id(), "its id is not that of its files", null);
        }
    }

    private static ContentHash hash(ModelId id, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return ContentHash.of(in);
        } catch (IOException e) {
            throw damaged(id, "its file " + file.getFileName() + " is not readable", e);
        }
    }
}
