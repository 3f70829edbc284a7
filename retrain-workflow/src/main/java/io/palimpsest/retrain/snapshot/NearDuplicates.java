package io.palimpsest.retrain.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Finds texts that are nearly those of a set: Jaccard similarity of their shingles at least {@value #SIMILARITY}. Candidates by
 * MinHash and banding (Broder 1997; Leskovec et al., "Mining of Massive Datasets", §3.4), each then compared exactly.
 *
 * <p>Bound: of 128 hashes in 32 bands of 4, a pair of similarity s is found with probability 1 - (1 - s^4)^32: 0.9998 at 0.7,
 * more than 0.9999999 from 0.8. Nothing that is less similar is ever named. Shingles are overlapping runs of
 * {@value #CHARACTERS} characters of the normalised text.
 *
 * <p>Deterministic; order of the texts does not matter.
 */
final class NearDuplicates {
    static final double SIMILARITY = 0.7;
    private static final int CHARACTERS = 5;
    private static final int BANDS = 32;
    private static final int ROWS = 4;
    private static final long SEED = 0x5EED_0F_5A3EL; // arbitrary

    private final long[] multipliers = new long[BANDS * ROWS];
    private final long[] addends = new long[BANDS * ROWS];
    private final List<Set<Integer>> kept = new ArrayList<>();
    private final Map<Long, List<Integer>> buckets = new HashMap<>();
    private final Set<Set<Integer>> exact = new HashSet<>();

    NearDuplicates(Iterable<String> texts) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] = random.nextLong() | 1;
            addends[i] = random.nextLong();
        }
        texts.forEach(this::keep);
    }

    private void keep(String text) {
        Set<Integer> shingles = shingles(text);
        if (exact.add(shingles)) {
            int number = kept.size();
            kept.add(shingles);
            for (long bucket : buckets(shingles)) {
                buckets.computeIfAbsent(bucket, key -> new ArrayList<>()).add(number);
            }
        }
    }

    /** Whether one of the texts is nearly this one. */
    boolean contains(String text) {
        Set<Integer> shingles = shingles(text);
        if (exact.contains(shingles)) {
            return true;
        }
        Set<Integer> compared = new HashSet<>();
        for (long bucket : buckets(shingles)) {
            for (int candidate : buckets.getOrDefault(bucket, List.of())) {
                if (compared.add(candidate) && similarity(kept.get(candidate), shingles) >= SIMILARITY) {
                    return true;
                }
            }
        }
        return false;
    }

    static double similarity(Set<Integer> one, Set<Integer> other) {
        long shared = one.size() <= other.size()
                ? one.stream().filter(other::contains).count()
                : other.stream().filter(one::contains).count();
        return (double) shared / (one.size() + other.size() - shared);
    }

    /** Hashes of the shingles; a text that is shorter than one is one. */
    static Set<Integer> shingles(String text) {
        String normal = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
        Set<Integer> shingles = new HashSet<>();
        for (int i = 0; i + CHARACTERS <= normal.length(); i++) {
            shingles.add(normal.substring(i, i + CHARACTERS).hashCode());
        }
        if (shingles.isEmpty()) {
            shingles.add(normal.hashCode());
        }
        return shingles;
    }

    private long[] buckets(Set<Integer> shingles) {
        long[] signature = new long[multipliers.length];
        Arrays.fill(signature, Long.MAX_VALUE);
        for (int shingle : shingles) {
            for (int i = 0; i < signature.length; i++) {
                signature[i] = Math.min(signature[i], mixed(shingle * multipliers[i] + addends[i]));
            }
        }
        long[] buckets = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            long bucket = band;
            for (int row = 0; row < ROWS; row++) {
                bucket = mixed(bucket * 31 + signature[band * ROWS + row]);
            }
            buckets[band] = bucket;
        }
        return buckets;
    }

    /** Finaliser of SplitMix64. */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
