package io.palimpsest.retrain.drift.measure;

import java.util.stream.IntStream;

/** How far two distributions on the same grid are from each other. NaN where one of them is empty, or there is one class only. */
public final class Distances {
    private static final int CLASSES = 10;

    private Distances() {}

    /** Kolmogorov and Smirnov: the largest difference of the two distribution functions, 0 to 1. */
    public static double kolmogorovSmirnov(Counts a, Counts b) {
        if (a.total() == 0 || b.total() == 0) {
            return Double.NaN;
        }
        long belowA = 0;
        long belowB = 0;
        double largest = 0;
        for (int i = 0; i < a.grid().bins(); i++) {
            belowA += a.bin(i);
            belowB += b.bin(i);
            largest = Math.max(largest, Math.abs((double) belowA / a.total() - (double) belowB / b.total()));
        }
        return largest;
    }

    /**
     * Population stability index over classes of bins, 0 or more: the sum of (p - q) ln(p / q). Half an observation is added to
     * each class of both, since an empty one would make it infinite.
     *
     * @param edges of {@link #deciles}
     */
    public static double populationStability(Counts now, Counts reference, int[] edges) {
        if (now.total() == 0 || reference.total() == 0 || edges.length < 2) {
            return Double.NaN;
        }
        double index = 0;
        int from = 0;
        double classes = edges.length;
        for (int edge : edges) {
            long inNow = 0;
            long inReference = 0;
            for (int i = from; i < edge; i++) {
                inNow += now.bin(i);
                inReference += reference.bin(i);
            }
            double p = (inNow + 0.5) / (now.total() + 0.5 * classes);
            double q = (inReference + 0.5) / (reference.total() + 0.5 * classes);
            index += (p - q) * Math.log(p / q);
            from = edge;
        }
        return index;
    }

    /** Ends (exclusive bins, the last is the grid's) of up to ten classes that hold about a tenth each. */
    public static int[] deciles(Counts reference) {
        IntStream.Builder edges = IntStream.builder();
        long below = 0;
        long tenths = 0;
        for (int i = 0; i < reference.grid().bins() - 1 && below < reference.total(); i++) {
            below += reference.bin(i);
            long reached = below * CLASSES / reference.total();
            if (reached > tenths && below < reference.total()) {
                edges.add(i + 1);
                tenths = reached;
            }
        }
        return edges.add(reference.grid().bins()).build().toArray();
    }
}
