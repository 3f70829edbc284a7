package io.palimpsest.index.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes one ranking of the two legs. Pure; equal inputs give equal orders. */
final class Fusion {
    /** Cormack, Clarke, Büttcher (SIGIR 2009) §2. */
    private static final int RRF_K = 60;

    private Fusion() {}

    /** One candidate of a leg; legs are ordered by score, best first. */
    record Leg<K>(K key, float score) {}

    /** A candidate of the fused ranking. Ranks from 1; null: the leg did not return it. Normalised within 0 to 1. */
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
            List<Leg<K>> vector,
            List<Leg<K>> keyword,
            FusionMethod method,
            float vectorWeight,
            Comparator<K> tieBreak) {
        Map<K, Placed> vectorPlaces = place(vector);
        Map<K, Placed> keywordPlaces = place(keyword);
        LinkedHashMap<K, Boolean> keys = new LinkedHashMap<>();
        vector.forEach(c -> keys.put(c.key(), true));
        keyword.forEach(c -> keys.put(c.key(), true));
        List<Fused<K>> fused = new ArrayList<>(keys.size());
        for (K key : keys.keySet()) {
            fused.add(combine(key, vectorPlaces.get(key), keywordPlaces.get(key), method, vectorWeight));
        }
        fused.sort(Comparator.comparingDouble((Fused<K> f) -> -f.score()).thenComparing(Fused::key, tieBreak));
        return fused;
    }

    private record Placed(float score, float normalised, int rank) {}

    private static <K> Map<K, Placed> place(List<Leg<K>> leg) {
        float max = Float.NEGATIVE_INFINITY;
        float min = Float.POSITIVE_INFINITY;
        for (Leg<K> candidate : leg) {
            max = Math.max(max, candidate.score());
            min = Math.min(min, candidate.score());
        }
        Map<K, Placed> places = new LinkedHashMap<>();
        int rank = 0;
        for (Leg<K> candidate : leg) {
            float normalised = max > min ? (candidate.score() - min) / (max - min) : 1f;
            places.putIfAbsent(candidate.key(), new Placed(candidate.score(), normalised, ++rank));
        }
        return places;
    }

    private static <K> Fused<K> combine(
            K key, @Nullable Placed vector, @Nullable Placed keyword, FusionMethod method, float vectorWeight) {
        float score = switch (method) {
            case SCORES ->
                vectorWeight * (vector == null ? 0 : vector.normalised())
                        + (1 - vectorWeight) * (keyword == null ? 0 : keyword.normalised());
            case RANKS ->
                (vector == null ? 0 : 1f / (RRF_K + vector.rank()))
                        + (keyword == null ? 0 : 1f / (RRF_K + keyword.rank()));
        };
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
