package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Who says yes to what another one asked for. */
final class SecondPerson {
    private static final String KEY = "second-person-" + "x".repeat(24);

    private SecondPerson() {}

    /** A key file with this person in it, as {@code http.key.file} names one. */
    static Path keyFile(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("keys.json"),
                Json.writeText(List.of(Map.of(
                        "name",
                        "second",
                        "keyHash",
                        ContentHash.ofText(KEY).value(),
                        "tenant",
                        "local",
                        "collections",
                        List.of("default"),
                        "roles",
                        List.of("APPROVE", "AUDIT")))));
    }

    /** Of a run or an erasure. */
    static JsonNode approve(URI api, String id) {
        return new ApiClient(api, KEY).post("/v1/runs/" + id + "/approve", Map.of("reason", "checked with legal"));
    }
}
