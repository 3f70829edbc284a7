package io.palimpsest.retrain.tune.encoder;

/**
 * Symmetric int8 with a scale for each column, as ONNX Runtime's {@code quantize_dynamic} makes it ({@code per_channel}, signed
 * weights): scale = largest magnitude of the column / range, value = round half to even of weight / scale.
 *
 * @param range largest magnitude of a quantised value: 127, or 64 where the file was made with {@code reduce_range}
 */
record Quantiser(int range) {
    /** With the range that these values were made with. */
    static Quantiser of(byte[] quantised) {
        int largest = 0;
        for (byte value : quantised) {
            largest = Math.max(largest, Math.abs(value));
        }
        return new Quantiser(largest > 64 ? 127 : 64);
    }

    float[] scales(float[] matrix, int columns) {
        float[] scales = new float[columns];
        for (int i = 0; i < matrix.length; i++) {
            scales[i % columns] = Math.max(scales[i % columns], Math.abs(matrix[i]));
        }
        for (int c = 0; c < columns; c++) {
            scales[c] = scales[c] == 0 ? 1 : (float) ((double) scales[c] / range);
        }
        return scales;
    }

    byte[] quantise(float[] matrix, float[] scales) {
        byte[] values = new byte[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            double rounded = Math.rint(matrix[i] / scales[i % scales.length]);
            values[i] = (byte) Math.max(-range, Math.min(range, rounded));
        }
        return values;
    }
}
