package io.palimpsest.index.embed;

import io.palimpsest.platform.tokens.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which texts run together: indexes into the texts, longest batch first so that no thread is left with it at the end. */
enum BatchPlan {
    SINGLE(1),
    /** Neighbours in length, so that little is padded. The budget keeps a batch inside a core's cache; measured. */
    BY_LENGTH(512);

    private final int tokenBudget;

    BatchPlan(int tokenBudget) {
        this.tokenBudget = tokenBudget;
    }

    /** One text at a time has as many shapes as there are lengths; batches nearly always have another one. */
    boolean hasFewShapes() {
        return this == SINGLE;
    }

    List<int[]> batches(Tokens[] tokens) {
        int[] order = IntStream.range(0, tokens.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -tokens[i].length()))
                .mapToInt(i -> i)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; ) {
            int width = tokens[order[from]].length();
            int to = Math.min(order.length, from + Math.max(1, tokenBudget / width));
            batches.add(java.util.Arrays.copyOfRange(order, from, to));
            from = to;
        }
        return batches;
    }
}
