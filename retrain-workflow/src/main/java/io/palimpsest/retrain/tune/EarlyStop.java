package io.palimpsest.retrain.tune;

import java.nio.ByteBuffer;
import java.util.List;

/** Keeps the best weights that the validation slice has seen, and says when to stop looking. Threading: none. */
public final class EarlyStop {
    private final List<float[]> weights;
    private final List<float[]> best;
    private final int patience;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int worse;

    /** @param weights as trained, in place */
    public EarlyStop(List<float[]> weights, int patience) {
        this.weights = List.copyOf(weights);
        this.best = weights.stream().map(float[]::clone).toList();
        this.patience = patience;
    }

    /** The loss of the weights as they are now. */
    public void look(double loss) {
        if (loss < bestLoss) {
            bestLoss = loss;
            worse = 0;
            copy(weights, best);
        } else {
            worse++;
        }
    }

    /** Whether it was not better for as many looks as there is patience for. */
    public boolean enough() {
        return worse >= patience;
    }

    /** Infinite before the first look. */
    public double bestLoss() {
        return bestLoss;
    }

    /** Puts the best weights back; without any look it leaves them as they are. */
    public void restore() {
        if (Double.isFinite(bestLoss)) {
            copy(best, weights);
        }
    }

    public int stateBytes() {
        return weights.stream().mapToInt(array -> array.length).sum() * Float.BYTES + Double.BYTES + Integer.BYTES;
    }

    public void save(ByteBuffer to) {
        to.putDouble(bestLoss).putInt(worse);
        best.forEach(array -> {
            for (float value : array) {
                to.putFloat(value);
            }
        });
    }

    /** What {@link #save} wrote. */
    public void load(ByteBuffer from) {
        bestLoss = from.getDouble();
        worse = from.getInt();
        best.forEach(array -> {
            for (int i = 0; i < array.length; i++) {
                array[i] = from.getFloat();
            }
        });
    }

    private static void copy(List<float[]> from, List<float[]> to) {
        for (int i = 0; i < from.size(); i++) {
            System.arraycopy(from.get(i), 0, to.get(i), 0, from.get(i).length);
        }
    }
}
