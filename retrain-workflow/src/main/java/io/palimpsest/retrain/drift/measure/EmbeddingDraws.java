package io.palimpsest.retrain.drift.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The reference's embeddings against each other: what both statistics would be of any part of the reference, held against the rest
 * of it, without looking at a vector again. Memory: 4 bytes for each pair.
 */
final class EmbeddingDraws {
    /** Neighbours kept of each: a draw of up to half of the reference leaves enough of them outside of it. */
    private static final int KEPT = 96;

    private final List<float[]> vectors;
    private final double gamma;
    private final float[][] kernels;
    private final double[] rowSums;
    private final double pairSum;
    private final int[][] neighbours;
    private final float[][] nearness;

    EmbeddingDraws(List<float[]> vectors) {
        this.vectors = vectors;
        int m = vectors.size();
        kernels = new float[m][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < i; j++) {
                kernels[i][j] = (float) Vectors.dot(vectors.get(i), vectors.get(j));
                kernels[j][i] = kernels[i][j];
            }
        }
        int kept = Math.max(0, Math.min(KEPT, m - 1));
        neighbours = new int[m][kept];
        nearness = new float[m][kept];
        for (int i = 0; i < m; i++) {
            sortNeighbours(i, kept);
        }
        gamma = 1 / medianSquaredDistance();
        rowSums = new double[m];
        double sum = 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                if (i != j) {
                    kernels[i][j] = (float) EmbeddingReference.kernel(gamma, kernels[i][j]);
                    rowSums[i] += kernels[i][j];
                }
            }
            sum += rowSums[i];
        }
        pairSum = sum / 2;
    }

    private void sortNeighbours(int i, int kept) {
        int m = kernels.length;
        long[] order = new long[m];
        for (int j = 0; j < m; j++) {
            // Cosines as integers that sort like them, descending, with the index below.
            long key = j == i ? Integer.MAX_VALUE : (long) ((1 - kernels[i][j]) * 1e8);
            order[j] = (key << 32) | j;
        }
        Arrays.sort(order);
        for (int k = 0; k < kept; k++) {
            neighbours[i][k] = (int) order[k];
            nearness[i][k] = kernels[i][neighbours[i][k]];
        }
    }

    private double medianSquaredDistance() {
        int m = kernels.length;
        if (m < 2) {
            return 1; // nothing is compared with it
        }
        float[] squared = new float[m * (m - 1) / 2];
        int at = 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < i; j++) {
                squared[at++] = Math.max(0, 2 - 2 * kernels[i][j]);
            }
        }
        Arrays.sort(squared);
        // All the same question: any width tells it from others.
        return Math.max(squared[squared.length / 2], 1e-3);
    }

    int size() {
        return vectors.size();
    }

    EmbeddingReference reference() {
        int m = size();
        double[] own = new double[m];
        boolean[] none = new boolean[m];
        for (int i = 0; i < m; i++) {
            own[i] = nearness(i, none);
        }
        return new EmbeddingReference(
                new ArrayList<>(vectors).toArray(float[][]::new),
                gamma,
                m < 2 ? 0 : 2 * pairSum / ((double) m * (m - 1)),
                floor(own));
    }

    /** The part against the rest. */
    EmbeddingReference.Shift shift(int[] part) {
        double within = 0;
        double rows = 0;
        for (int a = 0; a < part.length; a++) {
            float[] row = kernels[part[a]];
            for (int b = 0; b < a; b++) {
                within += row[part[b]];
            }
            rows += rowSums[part[a]];
        }
        double n = part.length;
        double rest = (double) size() - n;
        double cross = rows - 2 * within;
        double outside = pairSum - within - cross;
        double discrepancy = 2 * within / (n * (n - 1)) + 2 * outside / (rest * (rest - 1)) - 2 * cross / (n * rest);
        return new EmbeddingReference.Shift(discrepancy, novelShare(part));
    }

    private double novelShare(int[] part) {
        boolean[] drawn = new boolean[size()];
        for (int i : part) {
            drawn[i] = true;
        }
        double[] outside = new double[size() - part.length];
        int at = 0;
        for (int i = 0; i < size(); i++) {
            if (!drawn[i]) {
                outside[at++] = nearness(i, drawn);
            }
        }
        double floor = floor(outside);
        int novel = 0;
        for (int i : part) {
            novel += nearness(i, drawn) < floor ? 1 : 0;
        }
        return (double) novel / part.length;
    }

    /** Mean cosine of the nearest that are not left out. */
    private double nearness(int i, boolean[] leftOut) {
        double sum = 0;
        int found = 0;
        for (int k = 0; k < neighbours[i].length && found < EmbeddingReference.NEIGHBOURS; k++) {
            if (!leftOut[neighbours[i][k]]) {
                sum += nearness[i][k];
                found++;
            }
        }
        return found == 0 ? -1 : sum / found;
    }

    private static double floor(double[] own) {
        double[] sorted = own.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? -1 : sorted[(int) (EmbeddingReference.NOVEL * sorted.length)];
    }
}
