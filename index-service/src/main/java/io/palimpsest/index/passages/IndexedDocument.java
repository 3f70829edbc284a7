package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A revision as the index holds it.
 *
 * @param validFrom in milliseconds
 * @param access the rules of now, for revisions of the past too
 * @param passages sorted by id
 */
public record IndexedDocument(
        DocumentKey key,
        long version,
        Instant validFrom,
        String reference,
        AccessList access,
        Map<String, String> labels,
        List<PassageId> passages) {
    public IndexedDocument {
        labels = Map.copyOf(labels);
        passages = List.copyOf(passages);
    }
}
