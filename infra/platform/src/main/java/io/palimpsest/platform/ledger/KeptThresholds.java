package io.palimpsest.platform.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.database.Sql;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Settings that were in force, by the hash that entries of the ledger have of them: SHA-256 of their canonical JSON (RFC 8785), one
 * object of texts. Threading: safe. Ordering and idempotency: keeping the same twice is keeping it once. Failure:
 * {@code DATABASE_FAILED}.
 */
public final class KeptThresholds {
    private final Sql sql;

    public KeptThresholds(Sql sql) {
        this.sql = sql;
    }

    public static ContentHash hash(Map<String, String> settings) {
        return ContentHash.ofText(CanonicalJson.of(settings));
    }

    public void keep(Map<String, String> settings) {
        sql.update(
                "INSERT INTO configuration (hash, settings) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
                hash(settings).value(),
                CanonicalJson.of(settings));
    }

    /** Empty where they were never kept here, or are not any more what the hash is of. */
    public Optional<Map<String, String>> find(String hash) {
        return sql.first("SELECT settings FROM configuration WHERE hash = ?", row -> row.getString(1), hash)
                .filter(settings -> ContentHash.ofText(settings).value().equals(hash))
                .map(settings -> {
                    Map<String, String> read = new TreeMap<>();
                    Json.read(settings.getBytes(UTF_8), JsonNode.class)
                            .properties()
                            .forEach(each ->
                                    read.put(each.getKey(), each.getValue().asText()));
                    return read;
                });
    }
}
