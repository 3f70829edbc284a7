package io.palimpsest.index.passages;

/** What every implementation refuses before it touches anything. */
public final class WriteRules {
    /** Slack of "L2-normalised": float32 sums of 1,024 products stay well inside. Arbitrary. */
    private static final double NORM_TOLERANCE = 1e-3;

    private WriteRules() {}

    public static void check(Generation generation, DocumentWrite write) {
        if (!write.key().collectionKey().equals(generation.collection())) {
            throw new IllegalArgumentException("generation " + generation.id() + " belongs to collection "
                    + generation.collection() + ", the write to " + write.key().collectionKey());
        }
        if (write instanceof DocumentWrite.Put put) {
            put.passages().forEach(passage -> check(generation, "passage " + passage.id(), passage.vector()));
        }
    }

    public static void check(Generation generation, PassageQuery query) {
        float[] vector = query.vector();
        if (vector != null) {
            check(generation, "the query", vector);
        }
    }

    private static void check(Generation generation, String what, float[] vector) {
        if (vector.length != generation.dimensions()) {
            throw new IllegalArgumentException("generation " + generation.id() + " has " + generation.dimensions()
                    + " dimensions, the vector of " + what + " " + vector.length);
        }
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        // Negated, so that NaN is refused too.
        if (!(Math.abs(Math.sqrt(sum) - 1) <= NORM_TOLERANCE)) {
            throw new IllegalArgumentException(
                    "the vector of " + what + " is not L2-normalised: its length is " + Math.sqrt(sum));
        }
    }
}
