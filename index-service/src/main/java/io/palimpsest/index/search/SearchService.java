package io.palimpsest.index.search;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.querylog.AnswerMade;
import io.palimpsest.index.querylog.QueryDetail;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.rerank.Reranker;
import io.palimpsest.index.rewrite.Rewrite;
import io.palimpsest.index.rewrite.RewriteScope;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.telemetry.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hybrid search of one collection for one caller. What the caller may not see, and what is not current any more, is
 * never in a response, however far behind the index is (laws 3 and 7).
 *
 * <p>Threading: safe. Failure: {@code FRESHNESS_NOT_REACHED}, {@code EMBED_FAILED}, {@code STORE_FAILED}; a failing
 * reranker is a note.
 */
public final class SearchService {
    /** Passages that a reranker looks at. */
    private static final int RERANK_DEPTH = 50;

    private final SearchParts parts;
    private final Candidates candidates;
    private final Freshness freshness;
    private final QueryIds queryIds;

    public SearchService(SearchParts parts) {
        this.parts = parts;
        this.candidates = new Candidates(parts.index(), parts.texts(), parts.candidates());
        this.freshness = new Freshness(parts.progress(), parts.revisions(), parts.freshnessTimeout(), parts.clock());
        this.queryIds = new QueryIds(parts.clock());
    }

    /** An unknown collection, or one that is not the caller's, is one without hits. */
    public SearchResponse search(Caller caller, CollectionKey collection, SearchRequest request) {
        return search(caller, collection, request, SearchTarget.LIVE);
    }

    /** Of another generation, or with another model for the query. */
    public SearchResponse search(Caller caller, CollectionKey collection, SearchRequest request, SearchTarget target) {
        return SearchResponse.of(retrieve(caller, collection, request, target), request.explain());
    }

    /** The same, before it becomes JSON. */
    public Retrieval retrieve(Caller caller, CollectionKey collection, SearchRequest request, SearchTarget target) {
        Found found = retrieveForAnswer(caller, collection, request, target);
        found.log().accept(null);
        return found.retrieval();
    }

    /**
     * What an answer is made from.
     *
     * @param log to be told once what became of it; until then the query is not in the query log
     */
    public record Found(Retrieval retrieval, Consumer<@Nullable AnswerMade> log) {}

    /** As {@link #retrieve}; the query is logged when the answer is made. */
    public Found retrieveForAnswer(
            Caller caller, CollectionKey collection, SearchRequest request, SearchTarget target) {
        parts.history().check(request.asOf());
        Stages stages = new Stages();
        boolean mayUse = caller.mayUse(collection);
        // Before the generation is looked for: the first change that is waited for makes it.
        if (mayUse && request.minFreshness() != null) {
            freshness.await(collection, request.minFreshness());
            stages.end("freshness");
        }
        Optional<Serving> serving = mayUse ? serving(collection, request, target) : Optional.empty();
        if (serving.isEmpty()) {
            return new Found(
                    new Retrieval(queryIds.next(), List.of(), null, null, Duration.ZERO, stages.took(), List.of()),
                    made -> {});
        }
        Asked asked = ask(caller, serving.get(), request, stages, null);
        tell(caller, request, target, asked);
        parts.telemetry()
                .time(
                        Metric.SEARCH_DURATION,
                        Duration.ofNanos(stages.totalNanos()),
                        request.mode().name().toLowerCase(Locale.ROOT));
        return new Found(
                asked.retrieval(),
                made -> parts.log()
                        .offer(QueryRecord.of(
                                caller,
                                collection,
                                request,
                                target,
                                asked.retrieval(),
                                asked.began(),
                                asked.detail(made))));
    }

    /**
     * What was asked before, asked of a generation again with the words that were looked for then, without a trace.
     *
     * @throws PalimpsestException {@link ErrorCode#AS_OF_NOT_RETAINED} among others
     */
    public List<RankedPassage> repeat(Caller caller, Serving serving, SearchRequest request, QueryDetail detail) {
        parts.history().check(request.asOf());
        Rewrite given = new Rewrite(detail.forVector(), detail.forKeywords(), List.of());
        return ask(caller, serving, request, new Stages(), given).retrieval().hits();
    }

    /** Once for a search: what it begins with it ends with (law 4). */
    private Optional<Serving> serving(CollectionKey collection, SearchRequest request, SearchTarget target) {
        Optional<Serving> serving;
        if (target.generation() != null) {
            serving = Optional.of(parts.generations().named(collection, target.generation()));
        } else if (request.asOf() != null) {
            serving = parts.generations().asOf(collection, request.asOf());
        } else {
            serving = parts.generations().live(collection);
        }
        ModelId model = target.model();
        return model == null ? serving : serving.map(generation -> withModel(generation, model));
    }

    private Serving withModel(Serving serving, ModelId model) {
        ModelId passages = parts.embedders().passagesOf(model);
        if (!passages.equals(serving.passages().model())) {
            throw new PalimpsestException(
                    ErrorCode.QUERY_INVALID,
                    "model: is for passages of " + passages + ", those of generation " + serving.id() + " are of "
                            + serving.passages().model());
        }
        return serving.withModel(model);
    }

    /** A search and, for what is told of it, its vector. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asked(
            Serving serving,
            Retrieval retrieval,
            Rewrite rewrite,
            @Nullable String reranker,
            float @Nullable [] vector,
            Instant began,
            Duration took) {
        QueryDetail detail(@Nullable AnswerMade made) {
            return new QueryDetail(
                    rewrite.forVector(),
                    rewrite.forKeywords(),
                    serving.passages().model(),
                    reranker,
                    retrieval.indexLag().toMillis(),
                    retrieval.hits().stream().map(RankedPassage::scores).toList(),
                    made);
        }
    }

    private void tell(Caller caller, SearchRequest request, SearchTarget target, Asked asked) {
        CollectionKey collection = asked.serving().collection();
        Instant now = parts.clock().instant();
        parts.facts()
                .offer(() -> ServedFacts.of(
                        asked.serving(),
                        request,
                        target,
                        asked.retrieval(),
                        asked.vector(),
                        new ServedFacts.Measured(parts.tokens().applyAsInt(request.query()), asked.took(), now)));
        if (!target.isEvaluation() && !target.probe() && request.asOf() == null) {
            parts.shadows()
                    .offer(new ShadowQuery(
                            collection,
                            asked.retrieval(),
                            other -> ask(caller, other, request, new Stages(), null)
                                    .retrieval()));
        }
    }

    /** @param given instead of a rewriting of the query; null: it is rewritten */
    private Asked ask(Caller caller, Serving live, SearchRequest request, Stages stages, @Nullable Rewrite given) {
        Instant began = parts.clock().instant();
        Visibility visibility = new Visibility(parts.revisions(), caller.principals(), request.asOf());
        Rewrite rewrite = given != null
                ? given
                : parts.rewriter()
                        .rewrite(
                                new RewriteScope(live.passages(), caller.principals(), visibility::admits),
                                request.query());
        List<Note> notes = new ArrayList<>(rewrite.notes());
        stages.end("rewrite");
        float[] vector = vector(live, request, rewrite);
        stages.end("embed");
        PassageQuery query = new PassageQuery(
                vector,
                request.mode() == SearchMode.VECTOR ? null : rewrite.forKeywords(),
                1,
                caller.principals(),
                request.labels(),
                null,
                request.asOf());
        int wanted = request.rerank() ? Math.max(RERANK_DEPTH, request.limit()) : request.limit();
        Candidates.Found found = candidates.find(live.passages().id(), query, request, visibility, wanted);
        if (found.aheadOfView()) {
            freshness.awaitRevisions();
            found = candidates.find(live.passages().id(), query, request, visibility, wanted);
        }
        if (found.heldBack() > 0) {
            parts.telemetry().count(Metric.SEARCH_HITS_STALE, (double) found.heldBack());
        }
        if (!found.complete()) {
            notes.add(new Note(Note.Kind.TRUNCATED, "more hits had to be held back than could be replaced"));
        }
        stages.end("retrieve");
        List<RankedPassage> hits = found.passages();
        if (request.rerank()) {
            hits = reranked(request.query(), hits, notes);
            stages.end("rerank");
        }
        Retrieval retrieval = new Retrieval(
                queryIds.next(),
                hits.subList(0, Math.min(request.limit(), hits.size())),
                live.id(),
                live.model(),
                freshness.lag(live.collection()),
                stages.took(),
                notes);
        return new Asked(
                live,
                retrieval,
                rewrite,
                reranker(retrieval.hits()),
                vector,
                began,
                Duration.ofNanos(stages.totalNanos()));
    }

    /** What ranked these last; null where they are in fused order. */
    public @Nullable String reranker(List<RankedPassage> hits) {
        return hits.stream().anyMatch(hit -> hit.scores().rerank() != null)
                ? parts.reranker().map(Reranker::model).orElse(null)
                : null;
    }

    private float @Nullable [] vector(Serving live, SearchRequest request, Rewrite rewrite) {
        return request.mode() == SearchMode.KEYWORD
                ? null
                : parts.embedders()
                        .forQueries(live.model())
                        .embed(List.of(rewrite.forVector()))
                        .getFirst();
    }

    private List<RankedPassage> reranked(String query, List<RankedPassage> hits, List<Note> notes) {
        if (parts.reranker().isEmpty()) {
            notes.add(new Note(Note.Kind.RERANKER_ABSENT, "no reranker is configured; hits are in fused order"));
            return hits;
        }
        try {
            List<Float> scores = parts.reranker()
                    .get()
                    .scores(query, hits.stream().map(h -> h.resolved().text()).toList());
            List<RankedPassage> reranked = new ArrayList<>(hits.size());
            for (int i = 0; i < hits.size(); i++) {
                RankedPassage hit = hits.get(i);
                reranked.add(new RankedPassage(hit.resolved(), hit.scores().withRerank(scores.get(i))));
            }
            reranked.sort(Comparator.comparingDouble(hit -> -hit.scores().ranking()));
            return reranked;
        } catch (PalimpsestException e) {
            notes.add(new Note(
                    Note.Kind.RERANKER_FAILED, e.code().id() + ": " + e.code().hint()));
            return hits;
        }
    }
}
