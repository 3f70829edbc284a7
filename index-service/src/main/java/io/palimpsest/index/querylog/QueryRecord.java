package io.palimpsest.index.querylog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.search.Retrieval;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.platform.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What reproduces a query: who asked what of which generation, and which passages of which versions came back. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryRecord(
        String queryId,
        CollectionKey collection,
        String caller,
        Set<String> principals,
        SearchRequest request,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        List<Shown> shown,
        Instant askedAt) {

    /** One hit, in its place. */
    public record Shown(DocumentId document, long revision, long version, PassageId passage, float score) {}

    public static QueryRecord of(
            Caller caller, CollectionKey collection, SearchRequest request, Retrieval retrieval, Instant askedAt) {
        return new QueryRecord(
                retrieval.queryId(),
                collection,
                caller.name(),
                caller.principals(),
                request,
                retrieval.generation(),
                retrieval.model(),
                retrieval.hits().stream()
                        .map(hit -> new Shown(
                                hit.resolved().revision().key().document(),
                                hit.resolved().revision().revision(),
                                hit.resolved().revision().version(),
                                hit.resolved().passage().id(),
                                hit.scores().ranking()))
                        .toList(),
                askedAt);
    }
}
