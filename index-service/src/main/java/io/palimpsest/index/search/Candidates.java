package io.palimpsest.index.search;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what the legs return into passages that the caller may see, fetching more until there are enough. */
final class Candidates {
    private static final Comparator<Place> TIE_BREAK =
            Comparator.comparing(Place::document).thenComparing(Place::passage);

    private final PassageIndex index;
    private final StoredTexts texts;
    private final int firstFetch;

    /** @param firstFetch taken from each leg at first */
    Candidates(PassageIndex index, StoredTexts texts, int firstFetch) {
        this.index = index;
        this.texts = texts;
        this.firstFetch = firstFetch;
    }

    private record Place(DocumentKey document, PassageId passage) {}

    /**
     * @param aheadOfView whether hits were held back whose revision the view has not seen yet; only told where freshness is wanted
     * @param complete false: there may be more, but no more could be fetched
     */
    record Found(List<RankedPassage> passages, int heldBack, boolean aheadOfView, boolean complete) {}

    /** @param wanted passages; all that are visible when there are fewer */
    Found find(
            io.palimpsest.contracts.id.GenerationId generation,
            PassageQuery query,
            SearchRequest request,
            Visibility visibility,
            int wanted) {
        int fetch = Math.max(firstFetch, 2 * wanted);
        while (true) {
            LegHits legs = index.search(generation, withCandidates(query, fetch));
            Pick pick = new Pick(visibility, request, wanted);
            fused(legs, fetch, request).forEach(pick::offer);
            boolean exhausted = legs.vector().size() < fetch && legs.keyword().size() < fetch;
            if (pick.full() || exhausted || fetch >= PassageQuery.MAX_CANDIDATES) {
                return new Found(pick.picked, pick.heldBack, pick.aheadOfView, pick.full() || exhausted);
            }
            fetch = Math.min(PassageQuery.MAX_CANDIDATES, fetch * 4);
        }
    }

    private static List<Entry> fused(LegHits legs, int fetched, SearchRequest request) {
        Map<Place, ScoredPassage> hits = new HashMap<>();
        legs.vector().forEach(hit -> hits.put(place(hit), hit));
        legs.keyword().forEach(hit -> hits.put(place(hit), hit));
        float weight = switch (request.mode()) {
            case HYBRID -> request.vectorWeight();
            case VECTOR -> 1;
            case KEYWORD -> 0;
        };
        List<Entry> entries = new ArrayList<>(hits.size());
        for (Fusion.Fused<Place> fused : Fusion.fuse(
                leg(legs.vector(), fetched), leg(legs.keyword(), fetched), request.fusion(), weight, TIE_BREAK)) {
            ScoredPassage hit = hits.get(fused.key());
            if (hit != null) {
                entries.add(new Entry(hit, HitScores.of(fused)));
            }
        }
        return entries;
    }

    private record Entry(ScoredPassage hit, HitScores scores) {}

    private static Place place(ScoredPassage hit) {
        return new Place(hit.document(), hit.passage());
    }

    private static Fusion.Leg<Place> leg(List<ScoredPassage> hits, int fetched) {
        return new Fusion.Leg<>(
                hits.stream()
                        .map(hit -> new Fusion.Candidate<>(place(hit), hit.score()))
                        .toList(),
                hits.size() >= fetched);
    }

    private static PassageQuery withCandidates(PassageQuery query, int candidates) {
        return new PassageQuery(
                query.vector(),
                query.text(),
                candidates,
                query.principals(),
                query.labels(),
                query.documents(),
                query.asOf());
    }

    /** Goes down the ranking until it has enough. */
    private final class Pick {
        private final Visibility visibility;
        private final SearchRequest request;
        private final int wanted;
        private final List<RankedPassage> picked = new ArrayList<>();
        private final Map<String, DocumentRevised> references = new HashMap<>();
        private final Set<Object> seen = new HashSet<>();
        private int heldBack;
        private boolean aheadOfView;

        Pick(Visibility visibility, SearchRequest request, int wanted) {
            this.visibility = visibility;
            this.request = request;
            this.wanted = wanted;
        }

        boolean full() {
            return picked.size() >= wanted;
        }

        void offer(Entry entry) {
            if (full()) {
                return;
            }
            ScoredPassage hit = entry.hit();
            if (!visibility.admits(hit.document())) {
                aheadOfView |= request.minFreshness() != null
                        && !visibility.revisions().knows(revision(hit));
                heldBack++;
                return;
            }
            DocumentRevised revision = revision(hit);
            Optional<ResolvedPassage> passage =
                    visibility.admits(revision) ? texts.passage(revision, hit.passage()) : Optional.empty();
            if (passage.isEmpty()) {
                heldBack++;
                return;
            }
            if (seen.add(sameAs(hit.document(), passage.get()))) {
                picked.add(new RankedPassage(passage.get(), entry.scores()));
            }
        }

        private DocumentRevised revision(ScoredPassage hit) {
            return references.computeIfAbsent(
                    hit.reference(), json -> Json.read(json.getBytes(StandardCharsets.UTF_8), DocumentRevised.class));
        }

        /** Of hits that are equal in this, only the first is shown. */
        private Object sameAs(DocumentKey document, ResolvedPassage passage) {
            return request.groupByDocument() ? document : List.of(document, passage.text());
        }
    }
}
