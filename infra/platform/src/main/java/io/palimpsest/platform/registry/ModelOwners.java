package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose models are: a model belongs to the collections whose runs trained it, or whose training set it learned from; one that has neither
 * belongs to those of its base. Threading: safe. Failure: DATABASE_FAILED.
 */
final class ModelOwners {
    private final Sql sql;

    ModelOwners(Sql sql) {
        this.sql = sql;
    }

    private record Made(@Nullable String base, @Nullable String snapshot) {}

    private record Trained(CollectionKey collection, JsonNode result) {}

    /** Empty for what belongs to nobody, such as a base model. */
    Set<CollectionKey> of(String model) {
        Set<CollectionKey> owners = new LinkedHashSet<>();
        Set<String> seen = new LinkedHashSet<>();
        Optional<String> next = Optional.of(model);
        while (owners.isEmpty() && next.filter(seen::add).isPresent()) {
            String id = next.get();
            owners.addAll(trained(id));
            Optional<Made> made = made(id);
            made.map(Made::snapshot).ifPresent(snapshot -> owners.addAll(learned(snapshot)));
            next = made.map(Made::base);
        }
        return owners;
    }

    private List<CollectionKey> trained(String model) {
        return sql
                .query(
                        "SELECT r.tenant, r.collection, s.result FROM run_stage s JOIN run r ON r.run_id = s.run_id"
                                + " WHERE s.stage = 'TRAIN' AND s.result LIKE '%' || ? || '%' ORDER BY s.done_at",
                        row -> new Trained(
                                collection(row), Json.read(row.getString(3).getBytes(UTF_8), JsonNode.class)),
                        "\"" + model + "\"")
                .stream()
                .filter(trained -> trained.result().path("model").asText().equals(model))
                .map(Trained::collection)
                .toList();
    }

    private List<CollectionKey> learned(String snapshot) {
        return sql.query(
                "SELECT tenant, collection FROM training_snapshot WHERE snapshot = ? ORDER BY tenant, collection",
                ModelOwners::collection,
                snapshot);
    }

    private Optional<Made> made(String model) {
        return sql.first(
                "SELECT base, snapshot FROM model WHERE id = ?",
                row -> new Made(row.getString(1), row.getString(2)),
                model);
    }

    private static CollectionKey collection(ResultSet row) throws SQLException {
        return CollectionKey.of(row.getString(1), row.getString(2));
    }
}
