package io.palimpsest.index.querylog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.index.search.Retrieval;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchTarget;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.platform.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What reproduces a query: who asked what of which generation, and which passages of which versions came back.
 *
 * @param probe whether nobody asked it: nobody is to grade it, either
 * @param answer whether an answer was made of what was found: what people say of it is of the answer
 * @param askedAt when it began to be looked for
 * @param detail null in records of older versions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryRecord(
        String queryId,
        CollectionKey collection,
        String caller,
        Set<String> principals,
        SearchRequest request,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        boolean probe,
        boolean answer,
        List<ShownHit> shown,
        Instant askedAt,
        @Nullable QueryDetail detail) {

    public static QueryRecord of(
            Caller caller,
            CollectionKey collection,
            SearchRequest request,
            SearchTarget target,
            Retrieval retrieval,
            Instant askedAt,
            QueryDetail detail) {
        return new QueryRecord(
                retrieval.queryId(),
                collection,
                caller.name(),
                caller.principals(),
                request,
                retrieval.generation(),
                retrieval.model(),
                target.probe() || target.isEvaluation(),
                target.answer(),
                retrieval.hits().stream().map(QueryRecord::shown).toList(),
                askedAt,
                detail);
    }

    DocumentKey document(ShownHit hit) {
        return new DocumentKey(collection.tenant(), collection.collection(), hit.document());
    }

    /** Those that were shown, one for each hit. */
    Stream<DocumentKey> documents() {
        return shown.stream().map(this::document);
    }

    private static ShownHit shown(RankedPassage hit) {
        DocumentRevised revision = hit.resolved().revision();
        return new ShownHit(
                revision.key().document(),
                revision.revision(),
                revision.version(),
                hit.resolved().passage().id(),
                hit.scores().ranking(),
                hit.scores().vectorRank(),
                hit.scores().keywordRank(),
                revision.extracted(),
                revision.passages());
    }
}
