package io.palimpsest.retrain.drift.measure;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;

/**
 * All of a window but the embeddings, mergeable.
 *
 * <p>Threading: mutable, one thread.
 */
public final class Tally {
    private long samples;
    private long empty;
    private final Counts tokens;
    private final Counts similarity;
    private final Counts overlap;

    public Tally() {
        this(0, 0, new Counts(Grid.TOKENS), new Counts(Grid.SIMILARITY), new Counts(Grid.OVERLAP));
    }

    @JsonCreator
    public Tally(
            @JsonProperty("samples") long samples,
            @JsonProperty("empty") long empty,
            @JsonProperty("tokens") Counts tokens,
            @JsonProperty("similarity") Counts similarity,
            @JsonProperty("overlap") Counts overlap) {
        this.samples = samples;
        this.empty = empty;
        this.tokens = tokens;
        this.similarity = similarity;
        this.overlap = overlap;
    }

    /** @param sameModel whether the similarity may be counted among those of the window's model */
    public void add(QuerySample sample, boolean sameModel) {
        samples++;
        empty += sample.empty() ? 1 : 0;
        tokens.add(sample.tokens());
        if (sameModel && sample.topSimilarity() != null) {
            similarity.add(sample.topSimilarity());
        }
        if (sample.legOverlap() != null) {
            overlap.add(sample.legOverlap());
        }
    }

    /** One of the samples had no hits after all. */
    void addEmpty() {
        empty = Math.min(samples, empty + 1);
    }

    public Tally plus(Tally other) {
        return new Tally(
                samples + other.samples,
                empty + other.empty,
                tokens.plus(other.tokens),
                similarity.plus(other.similarity),
                overlap.plus(other.overlap));
    }

    public Tally minus(Tally other) {
        return new Tally(
                samples - other.samples,
                empty - other.empty,
                tokens.minus(other.tokens),
                similarity.minus(other.similarity),
                overlap.minus(other.overlap));
    }

    @JsonProperty("samples")
    public long samples() {
        return samples;
    }

    /** Queries without hits. */
    @JsonProperty("empty")
    public long empty() {
        return empty;
    }

    @JsonProperty("tokens")
    public Counts tokens() {
        return tokens;
    }

    @JsonProperty("similarity")
    public Counts similarity() {
        return similarity;
    }

    @JsonProperty("overlap")
    public Counts overlap() {
        return overlap;
    }

    double emptyShare() {
        return samples == 0 ? Double.NaN : (double) empty / samples;
    }

    public int size() {
        return 2 * Long.BYTES + tokens.size() + similarity.size() + overlap.size();
    }

    /** Samples and empty ones (64 bits each), then the three {@link Counts}; big-endian. */
    public void write(ByteBuffer out) {
        out.putLong(samples).putLong(empty);
        tokens.write(out);
        similarity.write(out);
        overlap.write(out);
    }

    public static Tally read(ByteBuffer in) {
        return new Tally(
                in.getLong(),
                in.getLong(),
                Counts.read(Grid.TOKENS, in),
                Counts.read(Grid.SIMILARITY, in),
                Counts.read(Grid.OVERLAP, in));
    }
}
