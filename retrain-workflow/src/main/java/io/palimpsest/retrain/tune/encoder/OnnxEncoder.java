package io.palimpsest.retrain.tune.encoder;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Embeds texts with an ONNX file, one at a time: mean of the token vectors, L2-normalised. For trainers: their own process,
 * bit-identical vectors, no hurry.
 */
public final class OnnxEncoder implements AutoCloseable {
    /** Loading library and graph overflows 4 MiB, and an overflow ends the process without a word. Only what is touched is committed. */
    private static final long LOADER_STACK_BYTES = 256L << 20;

    private final OrtEnvironment environment;
    private final OrtSession session;

    public OnnxEncoder(Path file, int threads) {
        this.session = load(file, threads);
        this.environment = OrtEnvironment.getEnvironment(); // the one that is there by now
    }

    private static OrtSession load(Path file, int threads) {
        FutureTask<OrtSession> opening = new FutureTask<>(() -> {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                options.setInterOpNumThreads(1);
                options.setMemoryPatternOptimization(false);
                options.addConfigEntry("session.intra_op.allow_spinning", "0");
                return environment.createSession(file.toString(), options);
            }
        });
        Thread loader = new Thread(null, opening, "encoder-load", LOADER_STACK_BYTES);
        loader.setDaemon(true);
        loader.start();
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("ONNX Runtime does not load " + file, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while loading " + file, e);
        }
    }

    /** float[dimensions], L2-normalised. */
    public float[] embed(long[] ids) {
        long[] shape = {1, ids.length};
        long[] mask = new long[ids.length];
        java.util.Arrays.fill(mask, 1);
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor attention = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
                OrtSession.Result result = session.run(Map.of(
                        "input_ids", tokens,
                        "attention_mask", attention,
                        "token_type_ids", types))) {
            float[] rows = ((OnnxTensor) result.get(0)).getFloatBuffer().array();
            return normalisedMean(rows, ids.length);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed on a text of " + ids.length + " tokens", e);
        }
    }

    private static float[] normalisedMean(float[] rows, int count) {
        int dimensions = rows.length / count;
        float[] mean = new float[dimensions];
        for (int i = 0; i < rows.length; i++) {
            mean[i % dimensions] += rows[i];
        }
        double squares = 0;
        for (float value : mean) {
            squares += (double) value * value;
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; i < dimensions; i++) {
            mean[i] = (float) (mean[i] / norm);
        }
        return mean;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime does not close its session", e);
        }
    }
}
