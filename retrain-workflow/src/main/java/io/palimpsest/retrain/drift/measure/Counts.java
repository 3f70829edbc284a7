package io.palimpsest.retrain.drift.measure;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A distribution as counts on a fixed grid: a mergeable sketch without error. All values we follow lie on a bounded grid, so this is
 * smaller than a quantile sketch, and merging in any order gives the same bytes (a quantile sketch flips coins).
 *
 * <p>Threading: mutable, one thread.
 */
public final class Counts {
    private final Grid grid;
    private final long[] bins;
    private long total;

    public Counts(Grid grid) {
        this(grid, new long[grid.bins()]);
    }

    /** @param bins one per bin of the grid, 0 or more */
    @JsonCreator
    public Counts(@JsonProperty("grid") Grid grid, @JsonProperty("bins") long[] bins) {
        this.grid = grid;
        this.bins = Arrays.copyOf(bins, grid.bins());
        this.total = Arrays.stream(bins).sum();
    }

    public void add(double value) {
        addBin(grid.bin(value), 1);
    }

    void addBin(int bin, long count) {
        bins[bin] += count;
        total += count;
    }

    public Counts plus(Counts other) {
        Counts sum = new Counts(grid, bins);
        for (int i = 0; i < other.bins.length; i++) {
            sum.addBin(i, other.bins[i]);
        }
        return sum;
    }

    public Counts minus(Counts other) {
        Counts rest = new Counts(grid, bins);
        for (int i = 0; i < other.bins.length; i++) {
            rest.addBin(i, -other.bins[i]);
        }
        return rest;
    }

    @JsonProperty("grid")
    public Grid grid() {
        return grid;
    }

    @JsonProperty("bins")
    public long[] bins() {
        return bins.clone();
    }

    long bin(int bin) {
        return bins[bin];
    }

    /** @param part 0 inclusive to 1 exclusive */
    int quantileBin(double part) {
        long rank = (long) (part * total);
        long below = 0;
        for (int i = 0; i < bins.length; i++) {
            below += bins[i];
            if (below > rank) {
                return i;
            }
        }
        return bins.length - 1;
    }

    public long total() {
        return total;
    }

    /** Bytes that {@link #write} needs. */
    public int size() {
        int used = 0;
        for (long bin : bins) {
            used += bin == 0 ? 0 : 1;
        }
        return Short.BYTES + used * (Short.BYTES + Integer.BYTES);
    }

    /** Number of bins in use (16 bits), then each: its index (16 bits), its count (32 bits, unsigned); big-endian. */
    public void write(ByteBuffer out) {
        out.putShort((short) ((size() - Short.BYTES) / (Short.BYTES + Integer.BYTES)));
        for (int i = 0; i < bins.length; i++) {
            if (bins[i] != 0) {
                out.putShort((short) i).putInt((int) Math.min(bins[i], 0xFFFF_FFFFL));
            }
        }
    }

    public static Counts read(Grid grid, ByteBuffer in) {
        Counts counts = new Counts(grid);
        int used = in.getShort();
        for (int i = 0; i < used; i++) {
            int bin = in.getShort();
            counts.addBin(bin, Integer.toUnsignedLong(in.getInt()));
        }
        return counts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Counts that && grid == that.grid && Arrays.equals(bins, that.bins);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bins);
    }

    @Override
    public String toString() {
        return grid + " of " + total;
    }
}
