package io.palimpsest.index.receipt;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.generation.LiveGenerations;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.querylog.QueryDetail;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Repeats queries: of the generation, with the model and the words, as of the moment, and for the principals of then; access lists
 * are those of now, here as everywhere. Leaves no trace in the query log.
 *
 * <p>Threading: safe. Failure: as the search's where nothing of that makes it impossible.
 */
public final class Reruns {
    private static final String GROUP = "group:";

    private final SearchService search;
    private final LiveGenerations generations;
    private final CurrentRevisions revisions;
    private final ContentStore store;

    public Reruns(SearchService search, LiveGenerations generations, CurrentRevisions revisions, ContentStore store) {
        this.search = search;
        this.generations = generations;
        this.revisions = revisions;
        this.store = store;
    }

    /** @throws PalimpsestException {@link ErrorCode#RECEIPT_NOT_KEPT} for a record of an older version, or of nothing */
    public Rerun of(QueryRecord asked) {
        QueryDetail detail = asked.detail();
        GenerationId generation = asked.generation();
        ModelId model = asked.model();
        if (detail == null || generation == null || model == null) {
            throw new PalimpsestException(
                    ErrorCode.RECEIPT_NOT_KEPT, "what is kept of query " + asked.queryId() + " does not repeat it");
        }
        Instant moment = Optional.ofNullable(asked.request().asOf()).orElse(asked.askedAt());
        Then then = new Then(asked, detail, generation, moment);
        Optional<Serving> serving = generations.retained(asked.collection(), generation);
        if (serving.isEmpty()) {
            return then.impossible(Rerun.Reason.GENERATION_DROPPED, "generation " + generation + " was dropped");
        }
        return then.repeated(serving.get().withModel(model));
    }

    /** As the key was when it asked. */
    private static Caller caller(QueryRecord asked) {
        return new Caller(
                asked.collection().tenant(),
                asked.caller(),
                asked.principals().stream()
                        .filter(principal -> principal.startsWith(GROUP))
                        .map(principal -> principal.substring(GROUP.length()))
                        .collect(Collectors.toSet()),
                Set.of(asked.collection().collection()),
                Set.of(Role.SEARCH));
    }

    /** What was asked, and of what. */
    private final class Then implements Comparison.Causes {
        private final QueryRecord asked;
        private final QueryDetail detail;
        private final GenerationId generation;
        private final Instant moment;

        Then(QueryRecord asked, QueryDetail detail, GenerationId generation, Instant moment) {
            this.asked = asked;
            this.detail = detail;
            this.generation = generation;
            this.moment = moment;
        }

        Rerun repeated(Serving serving) {
            SearchRequest request = asked.request().asOf(moment);
            List<RankedPassage> found;
            try {
                found = search.repeat(caller(asked), serving, request, detail);
            } catch (PalimpsestException e) {
                return impossible(reason(e), String.valueOf(e.getMessage()));
            }
            boolean ranksOtherwise =
                    detail.reranker() != null && !Objects.equals(detail.reranker(), search.reranker(found));
            if (ranksOtherwise && !found.isEmpty()) {
                return impossible(
                        Rerun.Reason.RERANKER_GONE, "the reranker " + detail.reranker() + " does not answer any more");
            }
            return compared(new Comparison(asked.shown(), detail, found));
        }

        /** What is no reason of its own goes on to the caller. */
        private Rerun.Reason reason(PalimpsestException e) {
            return switch (e.code()) {
                case AS_OF_NOT_RETAINED -> Rerun.Reason.HISTORY_EXPIRED;
                case MODEL_UNKNOWN -> Rerun.Reason.MODEL_GONE;
                default -> throw e;
            };
        }

        private Rerun compared(Comparison comparison) {
            List<Rerun.Difference> differences = comparison.differences(this);
            double moved = comparison.largestScoreDifference();
            int passages = asked.shown().size();
            if (!differences.isEmpty()) {
                return rerun(Rerun.Verdict.DIFFERENT, null, differences.size() + " differences", moved, differences);
            }
            return moved == 0
                    ? rerun(
                            Rerun.Verdict.IDENTICAL,
                            null,
                            "the same " + passages + " passages in the same order with the same scores",
                            0,
                            List.of())
                    : rerun(
                            Rerun.Verdict.SCORES_MOVED,
                            null,
                            "the same " + passages + " passages in the same order; scores moved by up to " + moved
                                    + ", for how rare a word is depends on all that the index has today",
                            moved,
                            List.of());
        }

        Rerun impossible(Rerun.Reason reason, String why) {
            return rerun(Rerun.Verdict.IMPOSSIBLE, reason, why, 0, List.of());
        }

        private Rerun rerun(
                Rerun.Verdict verdict,
                Rerun.@Nullable Reason reason,
                String explanation,
                double moved,
                List<Rerun.Difference> differences) {
            return new Rerun(
                    asked.queryId(),
                    verdict,
                    reason,
                    explanation,
                    generation,
                    moment,
                    asked.shown().size(),
                    moved,
                    differences);
        }

        @Override
        public Rerun.Cause missing(Comparison.Place place) {
            DocumentKey key = new DocumentKey(
                    asked.collection().tenant(), asked.collection().collection(), place.document());
            if (store.isErased(key)) {
                return Rerun.Cause.ERASED;
            }
            return revisions.current(key).filter(this::opens).isEmpty()
                    ? Rerun.Cause.ACCESS_CHANGED
                    : Rerun.Cause.UNKNOWN;
        }

        private boolean opens(DocumentRevised current) {
            return current.access().contains(DocumentProperties.EVERYONE)
                    || current.access().stream().anyMatch(asked.principals()::contains);
        }

        @Override
        public Rerun.Cause added(RankedPassage hit) {
            Instant applied = asked.askedAt().minusMillis(detail.lagMillis());
            return hit.resolved().revision().revisedAt().isBefore(applied)
                    ? Rerun.Cause.UNKNOWN
                    : Rerun.Cause.INDEX_WAS_BEHIND;
        }
    }
}
