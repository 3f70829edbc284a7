package io.palimpsest.platform.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of something.
 *
 * @param id as the rest of the platform calls it
 * @param digest content address: SHA-256, hex, of the files or of what describes it
 * @param collection that it belongs to, a trained model too; null for what belongs to nobody
 * @param state as its table has it, such as {@code SERVING}, {@code LIVE}, {@code PROMOTED}
 * @param from what it was made of: ids by role, such as {@code base}, {@code snapshot}, {@code run}, {@code model}
 * @param description what else is known of it: names and hashes
 * @param registeredBy principal or service
 * @param uses what stands on it now, as far as who asks may see it; while there is any, it can neither be changed nor removed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Artifact(
        String id,
        ArtifactKind kind,
        String digest,
        @Nullable CollectionKey collection,
        String state,
        Map<String, String> from,
        Map<String, Object> description,
        String registeredBy,
        Instant registeredAt,
        List<String> uses) {
    public Artifact {
        from = Map.copyOf(from);
        uses = List.copyOf(uses);
    }

    Artifact of(CollectionKey owner) {
        return new Artifact(id, kind, digest, owner, state, from, description, registeredBy, registeredAt, uses);
    }

    Artifact usedBy(List<String> others) {
        return new Artifact(id, kind, digest, collection, state, from, description, registeredBy, registeredAt, others);
    }
}
