package io.palimpsest.index.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one ranking of the two legs. Pure; equal inputs give equal orders. */
final class Fusion {
    /** Cormack, Clarke, Büttcher (SIGIR 2009) §2. */
    private static final int RRF_K = 60;

    private Fusion() {}

    record Candidate<K>(K key, float score) {}

    /**
     * What one of the two searches returned.
     *
     * @param candidates by score, best first
     * @param cut there may be more of them: what is not here scores at most as much as the last one
     */
    record Leg<K>(List<Candidate<K>> candidates, boolean cut) {}

    /** A candidate of the fused ranking. Ranks from 1; null: the leg did not return it. Normalised: at most 1. */
    record Fused<K>(
            K key,
            float score,
            @Nullable Float similarity,
            @Nullable Float bm25,
            @Nullable Float normalisedSimilarity,
            @Nullable Float normalisedBm25,
            @Nullable Integer vectorRank,
            @Nullable Integer keywordRank) {}

    /** Best first; ties in the order of {@code tieBreak}. An empty leg counts as a leg that found nothing. */
    static <K> List<Fused<K>> fuse(
            Leg<K> vector, Leg<K> keyword, FusionMethod method, float vectorWeight, Comparator<K> tieBreak) {
        Placed<K> byVector = place(vector);
        Placed<K> byKeyword = place(keyword);
        Set<K> keys = new LinkedHashSet<>(byVector.places().keySet());
        keys.addAll(byKeyword.places().keySet());
        List<Fused<K>> fused = new ArrayList<>(keys.size());
        for (K key : keys) {
            float score = switch (method) {
                case SCORES -> vectorWeight * byVector.normalised(key) + (1 - vectorWeight) * byKeyword.normalised(key);
                case RANKS -> byVector.reciprocalRank(key) + byKeyword.reciprocalRank(key);
            };
            fused.add(fused(
                    key, score, byVector.places().get(key), byKeyword.places().get(key)));
        }
        fused.sort(Comparator.comparingDouble((Fused<K> f) -> -f.score()).thenComparing(Fused::key, tieBreak));
        return fused;
    }

    private record Place(float score, float normalised, int rank) {}

    /** @param missing normalised score of what the leg did not return */
    private record Placed<K>(Map<K, Place> places, float missing) {
        float normalised(K key) {
            Place place = places.get(key);
            return place == null ? missing : place.normalised();
        }

        float reciprocalRank(K key) {
            Place place = places.get(key);
            return place == null ? 0 : 1f / (RRF_K + place.rank());
        }
    }

    private static <K> Placed<K> place(Leg<K> leg) {
        Map<K, Place> places = new LinkedHashMap<>();
        float last = 0;
        for (Candidate<K> candidate : leg.candidates()) {
            last = normalise(candidate.score(), leg.candidates().getFirst().score());
            places.putIfAbsent(candidate.key(), new Place(candidate.score(), last, places.size() + 1));
        }
        return new Placed<>(places, leg.cut() ? last : Math.min(0, last));
    }

    /**
     * Share of the leg's best score: of BM25 and of the cosine, 0 means that nothing is shared. Unlike min-max it keeps how
     * near the candidates are to each other. Decision 0007.
     */
    private static float normalise(float score, float best) {
        return best > 0 ? score / best : score - best;
    }

    private static <K> Fused<K> fused(K key, float score, @Nullable Place vector, @Nullable Place keyword) {
        return new Fused<>(
                key,
                score,
                vector == null ? null : vector.score(),
                keyword == null ? null : keyword.score(),
                vector == null ? null : vector.normalised(),
                keyword == null ? null : keyword.normalised(),
                vector == null ? null : vector.rank(),
                keyword == null ? null : keyword.rank());
    }
}
