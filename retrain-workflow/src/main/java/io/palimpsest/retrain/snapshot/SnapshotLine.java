package io.palimpsest.retrain.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One line of a snapshot's file: a query, a passage, and what people say the one is worth for the other.
 *
 * @param grade 0 to 3
 * @param tag kind of the query; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"queryId", "query", "passageId", "documentId", "text", "grade", "tag"})
public record SnapshotLine(
        String queryId,
        String query,
        PassageId passageId,
        DocumentId documentId,
        String text,
        int grade,
        @Nullable String tag) {
    static final Comparator<SnapshotLine> ORDER = Comparator.comparing(SnapshotLine::queryId)
            .thenComparing(SnapshotLine::documentId)
            .thenComparing(SnapshotLine::passageId);
}
