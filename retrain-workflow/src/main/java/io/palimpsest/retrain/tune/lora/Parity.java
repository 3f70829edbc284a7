package io.palimpsest.retrain.tune.lora;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.retrain.tune.encoder.OnnxEncoder;
import java.nio.file.Path;
import java.util.List;

/** Whether ONNX Runtime with a file and the array operations with the adapter give the same vectors. */
final class Parity {
    /** Of a component. About 2e-7 is seen. */
    private static final double TOLERANCE = 1e-4;

    private static final int TEXTS = 16;

    private final Encoder encoder;
    private final List<long[]> texts;
    private final int threads;

    /** @param texts token ids; the first few are compared */
    Parity(Encoder encoder, List<long[]> texts, int threads) {
        this.encoder = encoder;
        this.texts = texts.subList(0, Math.min(TEXTS, texts.size()));
        this.threads = threads;
    }

    /** @throws PalimpsestException {@code MODEL_BROKEN} */
    void require(Path onnx, List<float[]> lora, int rank, String what) {
        double difference = largestDifference(onnx, lora, rank);
        // Not "above": NaN must fail.
        if (!(difference <= TOLERANCE)) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_BROKEN,
                    what + " gives vectors that differ by " + difference + " from its adapter's; at most " + TOLERANCE
                            + " is right");
        }
    }

    double largestDifference(Path onnx, List<float[]> lora, int rank) {
        float[][] expected = encoder.vectors(texts, lora, rank, () -> {});
        double largest = 0;
        try (OnnxEncoder session = new OnnxEncoder(onnx, threads)) {
            for (int t = 0; t < expected.length; t++) {
                float[] actual = session.embed(texts.get(t));
                for (int i = 0; i < actual.length; i++) {
                    double difference = Math.abs(actual[i] - expected[t][i]);
                    largest = Math.max(largest, difference); // NaN stays NaN
                }
            }
        }
        return largest;
    }
}
