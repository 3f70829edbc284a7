package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** Where the running server of a data directory listens: {@code server.json}, written at start, removed at a clean stop. */
public record ServerAddress(URI api, String kafka, long pid) {
    private static final String FILE = "server.json";

    public void write(Path dataDir) {
        try {
            // Renamed into place: a reader sees the whole file or none.
            Path written = Files.write(
                    dataDir.resolve(FILE + ".new"),
                    Json.write(Map.of("api", api.toString(), "kafka", kafka, "pid", pid)));
            Files.move(written, dataDir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<ServerAddress> read(Path dataDir) {
        try {
            JsonNode json = Json.mapper().readTree(dataDir.resolve(FILE).toFile());
            return Optional.of(new ServerAddress(
                    URI.create(json.path("api").asText()),
                    json.path("kafka").asText(),
                    json.path("pid").asLong()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static void remove(Path dataDir) {
        try {
            Files.deleteIfExists(dataDir.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
