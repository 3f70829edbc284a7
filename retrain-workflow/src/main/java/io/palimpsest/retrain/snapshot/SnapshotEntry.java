package io.palimpsest.retrain.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import org.jspecify.annotations.Nullable;

/**
 * A line of a snapshot as it is kept: its passage lies elsewhere, under the document's own key.
 *
 * @param text names the passage in the content store, among what its document has
 * @param importedText of a passage whose document is not here; null otherwise
 * @param grade 0 to 3
 * @param tag kind of the query; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotEntry(
        String queryId,
        String query,
        PassageId passageId,
        DocumentId documentId,
        ContentHash text,
        @Nullable String importedText,
        int grade,
        @Nullable String tag) {
    SnapshotLine with(String passage) {
        return new SnapshotLine(queryId, query, passageId, documentId, passage, grade, tag);
    }
}
