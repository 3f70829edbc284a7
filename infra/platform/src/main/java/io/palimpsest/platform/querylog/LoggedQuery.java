package io.palimpsest.platform.querylog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What readers of the query log need of a record: who asked what, and what was shown, by which generation and model.
 *
 * @param generation null where there was nothing to search
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggedQuery(
        String queryId,
        CollectionKey collection,
        String caller,
        Asked request,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        List<ShownHit> shown,
        Instant askedAt) {
    public LoggedQuery {
        shown = List.copyOf(shown);
    }

    /**
     * The question.
     *
     * @param probe whether nobody asked it; null: no
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Asked(String query, @Nullable Boolean probe) {}

    public boolean isProbe() {
        return Boolean.TRUE.equals(request.probe());
    }

    /** @param passage null for the best shown passage of the document */
    public Optional<ShownHit> shown(DocumentId document, @Nullable PassageId passage) {
        return shown.stream()
                .filter(hit -> hit.document().equals(document)
                        && (passage == null || hit.passage().equals(passage)))
                .findFirst();
    }
}
