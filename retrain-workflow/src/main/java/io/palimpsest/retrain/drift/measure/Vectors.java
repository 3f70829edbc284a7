package io.palimpsest.retrain.drift.measure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Embeddings, {@code float[dim]}, L2-normalised, and their form on the wire: {@code float32[dim]} little-endian. */
public final class Vectors {
    private Vectors() {}

    /** The cosine of two normalised vectors. Eight sums side by side, so that the processor need not wait for each. */
    public static double dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (int end = a.length - 7; i < end; i += 8) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
            s4 += a[i + 4] * b[i + 4];
            s5 += a[i + 5] * b[i + 5];
            s6 += a[i + 6] * b[i + 6];
            s7 += a[i + 7] * b[i + 7];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return (double) ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    public static byte[] bytes(float[] vector) {
        ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    /** @throws IllegalArgumentException unless it is a whole number of floats */
    public static float[] of(byte[] bytes) {
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no whole number of floats");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /**
     * As {@code QueryServed} carries it.
     *
     * @throws IllegalArgumentException when it is no Base64 or no whole number of floats
     */
    public static float[] decode(String base64) {
        return of(Base64.getDecoder().decode(base64));
    }

    public static String encode(float[] vector) {
        return Base64.getEncoder().encodeToString(bytes(vector));
    }

    /** All of one length, one after the other, in Base64. */
    static String text(List<float[]> vectors) {
        int dimension = vectors.isEmpty() ? 0 : vectors.getFirst().length;
        ByteBuffer all =
                ByteBuffer.allocate(vectors.size() * dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        vectors.forEach(vector -> all.put(bytes(vector)));
        return Base64.getEncoder().encodeToString(all.array());
    }

    static float[][] all(String text, int dimension) {
        float[] flat = of(Base64.getDecoder().decode(text));
        float[][] vectors = new float[dimension == 0 ? 0 : flat.length / dimension][dimension];
        for (int i = 0; i < vectors.length; i++) {
            System.arraycopy(flat, i * dimension, vectors[i], 0, dimension);
        }
        return vectors;
    }
}
