package io.palimpsest.retrain.drift.measure;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;

/**
 * The reference's embeddings, with what of them does not depend on the window: its side of the discrepancy and how near its own
 * members are to each other.
 *
 * <p>The discrepancy is exact, against every reference vector: windows come at most once a second and hold at most some hundred
 * vectors, so that 200 against 1,000 of 384 dimensions (80 million products, some 30 ms) costs less than random features, which
 * every query would have to be mapped to. The Gaussian kernel's width is the median distance (Gretton et al., A Kernel
 * Two-Sample Test, JMLR 13, 2012, §8).
 *
 * <p>Threading: immutable; the arrays must not be changed.
 */
public final class EmbeddingReference {
    /** Neighbours whose mean similarity tells how near a vector is: one is noisy. Measured in {@code bench drift}. */
    static final int NEIGHBOURS = 5;
    /** Share of the reference that counts as novel to the rest of it (chosen: windows of 50 have one such, and a shift many). */
    static final double NOVEL = 0.02;

    private final float[][] vectors;
    private final double gamma;
    private final double selfMean;
    private final double noveltyFloor;

    /** Both figures that embeddings give. {@code discrepancy} may be negative: it is unbiased. */
    public record Shift(double discrepancy, double novelShare) {}

    EmbeddingReference(float[][] vectors, double gamma, double selfMean, double noveltyFloor) {
        this.vectors = vectors;
        this.gamma = gamma;
        this.selfMean = selfMean;
        this.noveltyFloor = noveltyFloor;
    }

    @JsonCreator
    static EmbeddingReference read(
            @JsonProperty("vectors") String vectors,
            @JsonProperty("dimension") int dimension,
            @JsonProperty("gamma") double gamma,
            @JsonProperty("selfMean") double selfMean,
            @JsonProperty("noveltyFloor") double noveltyFloor) {
        return new EmbeddingReference(Vectors.all(vectors, dimension), gamma, selfMean, noveltyFloor);
    }

    @JsonProperty("vectors")
    String text() {
        return Vectors.text(Arrays.asList(vectors));
    }

    @JsonProperty("dimension")
    public int dimension() {
        return vectors.length == 0 ? 0 : vectors[0].length;
    }

    @JsonProperty("gamma")
    double gamma() {
        return gamma;
    }

    @JsonProperty("selfMean")
    double selfMean() {
        return selfMean;
    }

    @JsonProperty("noveltyFloor")
    double noveltyFloor() {
        return noveltyFloor;
    }

    @JsonIgnore
    public int size() {
        return vectors.length;
    }

    List<float[]> sample(int count) {
        return List.copyOf(Arrays.asList(vectors).subList(0, Math.min(count, vectors.length)));
    }

    /** @param window at least two vectors of the reference's dimension */
    public Shift shift(List<float[]> window) {
        double cross = 0;
        int novel = 0;
        for (float[] vector : window) {
            double[] nearest = new double[NEIGHBOURS];
            Arrays.fill(nearest, -1);
            for (float[] member : vectors) {
                double cosine = Vectors.dot(vector, member);
                cross += kernel(gamma, cosine);
                keep(nearest, cosine);
            }
            novel += Arrays.stream(nearest).average().orElse(0) < noveltyFloor ? 1 : 0;
        }
        double within = 0;
        for (int i = 0; i < window.size(); i++) {
            for (int j = 0; j < i; j++) {
                within += kernel(gamma, Vectors.dot(window.get(i), window.get(j)));
            }
        }
        double n = window.size();
        double discrepancy = 2 * within / (n * (n - 1)) + selfMean - 2 * cross / (n * vectors.length);
        return new Shift(discrepancy, novel / n);
    }

    /** Of two normalised vectors at this cosine: their squared distance is 2 - 2 cos. */
    static double kernel(double gamma, double cosine) {
        return Math.exp(-gamma * Math.max(0, 2 - 2 * cosine));
    }

    /** Ascending; the least goes. */
    private static void keep(double[] nearest, double cosine) {
        if (cosine <= nearest[0]) {
            return;
        }
        int i = 1;
        while (i < nearest.length && nearest[i] < cosine) {
            nearest[i - 1] = nearest[i];
            i++;
        }
        nearest[i - 1] = cosine;
    }
}
