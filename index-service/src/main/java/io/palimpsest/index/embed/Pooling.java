package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;

/** From token vectors to what is stored. */
final class Pooling {
    private Pooling() {}

    /** Mean of {@code count} rows from row {@code first} of a row-major matrix, L2-normalised. */
    static float[] normalisedMean(float[] rows, int first, int count, int dimensions) {
        float[] mean = new float[dimensions];
        int at = first * dimensions;
        for (int row = 0; row < count; row++, at += dimensions) {
            for (int i = 0; i < dimensions; i++) {
                mean[i] += rows[at + i];
            }
        }
        // The norm cancels the division by the count.
        return normalise(mean);
    }

    /** In place. */
    static float[] normalise(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double norm = Math.sqrt(squares);
        if (!(norm > 0) || Double.isInfinite(norm)) {
            throw new PalimpsestException(ErrorCode.EMBED_FAILED, "the model gave a vector of length " + norm);
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / norm);
        }
        return vector;
    }
}
