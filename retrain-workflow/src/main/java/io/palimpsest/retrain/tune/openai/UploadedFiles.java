package io.palimpsest.retrain.tune.openai;

import com.fasterxml.jackson.core.type.TypeReference;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Files that are at the endpoint, remembered over restarts, so that each is there once and none stays. Threading: none. */
final class UploadedFiles {
    private final Path memory;
    private final FineTuningApi api;
    private final Map<String, String> ids;

    private UploadedFiles(Path memory, FineTuningApi api, Map<String, String> ids) {
        this.memory = memory;
        this.api = api;
        this.ids = new TreeMap<>(ids);
    }

    static UploadedFiles in(Path work, FineTuningApi api) throws IOException {
        Path memory = work.resolve("uploaded.json");
        Map<String, String> ids = Files.isRegularFile(memory)
                ? Json.mapper().readValue(memory.toFile(), new TypeReference<Map<String, String>>() {})
                : Map.of();
        return new UploadedFiles(memory, api, ids);
    }

    /** Uploads it, if that has not been done. */
    String idOf(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String id = ids.get(name);
        if (id == null) {
            id = api.upload(file);
            ids.put(name, id);
            Files.write(memory, Json.write(ids));
        }
        return id;
    }

    /** Best effort: a file that cannot be deleted does not undo a training. */
    void delete() throws IOException {
        for (String id : ids.values()) {
            try {
                api.deleteFile(id);
            } catch (PalimpsestException | RefusedCall e) {
                // gone already, or to be deleted by hand
            }
        }
        ids.clear();
        Files.deleteIfExists(memory);
    }
}
