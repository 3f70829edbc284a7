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
 * @param probe whether nobody asked it: canaries, evaluations and self-tests; null in records of older versions
 * @param answer whether an answer was made of what was found; null in records of older versions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggedQuery(
        String queryId,
        CollectionKey collection,
        String caller,
        Asked request,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        @Nullable Boolean probe,
        @Nullable Boolean answer,
        List<ShownHit> shown,
        Instant askedAt) {
    public LoggedQuery {
        shown = List.copyOf(shown);
    }

    /** The question. */
    public record Asked(String query) {}

    /** @param passage null for the best shown passage of the document */
    public Optional<ShownHit> shown(DocumentId document, @Nullable PassageId passage) {
        return shown.stream()
                .filter(hit -> hit.document().equals(document)
                        && (passage == null || hit.passage().equals(passage)))
                .findFirst();
    }

    /** Whether somebody asked it. */
    public boolean wasAsked() {
        return !Boolean.TRUE.equals(probe);
    }
}
