package io.palimpsest.index.weaviate;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Whether the graph still finds what is there: some passages are looked for by their own vectors, and every one of a larger
 * sample that is nearer than the last hit, by all comparisons, has to be among the hits. The sample is fixed: the lowest ids,
 * which are hashes, so it is even over the documents. Up to the size of the sample that is the exact recall. Threading: any.
 */
record Canary(Reads reads, Place place) {
    private static final int SAMPLE = 1_000;
    private static final int ASKED = 20;
    private static final int NEIGHBOURS = 20;
    private static final double TIE = 1e-5;
    private static final Set<String> PROPERTIES = Set.of(Fields.VALID_TO);

    /** 0 to 1; 1 where there is nothing to find. Compares 20 by 1,000 vectors and asks 20 questions. */
    double recall() {
        List<Item> sample = reads.first(place, SAMPLE, PROPERTIES).stream()
                .filter(Canary::isLive)
                .toList();
        long expected = 0;
        long missed = 0;
        for (Item asked : sample.subList(0, Math.min(ASKED, sample.size()))) {
            Expected found = ask(asked, sample);
            if (!found.missing().isEmpty()) {
                found = ask(asked, sample); // what was just being written is there now
            }
            expected += found.expected();
            missed += found.missing().size();
        }
        return expected == 0 ? 1 : 1 - (double) missed / expected;
    }

    private record Expected(long expected, Set<String> missing) {}

    private Expected ask(Item asked, List<Item> sample) {
        float[] vector = Objects.requireNonNull(asked.vector());
        List<Item> hits = reads.near(place, vector, PassageStore.live(), NEIGHBOURS, PROPERTIES);
        double worst = hits.size() < NEIGHBOURS ? -2 : hits.getLast().score();
        Set<String> missing = new HashSet<>();
        long expected = 0;
        for (Item other : sample) {
            if (cosine(vector, Objects.requireNonNull(other.vector())) > worst + TIE) {
                expected++;
                missing.add(other.id());
            }
        }
        hits.forEach(hit -> missing.remove(hit.id()));
        return new Expected(expected, missing);
    }

    private static boolean isLive(Item item) {
        return item.vector() != null
                && item.properties().get(Fields.VALID_TO) != null
                && item.number(Fields.VALID_TO) == Fields.LIVE;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            left += (double) a[i] * a[i];
            right += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(left * right);
    }
}
