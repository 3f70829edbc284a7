package io.palimpsest.index.embed;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** One encoder in ONNX Runtime, run on the calling thread. Threading: any number of runs at once; close waits for them. */
final class EncoderSession implements AutoCloseable {
    /**
     * Fusions that cost more than they save, measured with 1.29.0; look again when the version rises. The fused LayerNormalization
     * kernel is scalar on x86 (onnxruntime pull request 31973 gives it AVX2) and took 13 % of a text's time at fp32 and 26 % at int8;
     * unfused, its parts are vectorised. BiasGelu is slower than Add and Gelu. DynamicQuantizeMatMul quantises the same input again for
     * each of query, key and value.
     */
    private static final String SLOWER_FUSED =
            "LayerNormFusionL1;LayerNormFusionL2;BiasGeluFusion;DynamicQuantizeMatMulFusion";

    /**
     * Loading recurses along the graph, as deep as the unfused graph is long: 4 MiB overflowed for 6 layers, 8 did not. The overflow
     * ends the process. Only what is touched of this is ever committed.
     */
    private static final long LOADER_STACK_BYTES = 256L << 20;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String output;
    private final int dimensions;
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private EncoderSession(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        Map.Entry<String, NodeInfo> first =
                session.getOutputInfo().entrySet().iterator().next();
        this.output = first.getKey();
        long[] shape = ((TensorInfo) first.getValue().getInfo()).getShape();
        this.dimensions = shape[2] > 0 ? (int) shape[2] : probeDimensions();
    }

    /** @param fewShapes whether runs have so few shapes that a plan of the memory of each is used again and again */
    static EncoderSession open(Path file, boolean fewShapes) {
        FutureTask<EncoderSession> opening = new FutureTask<>(() -> load(file, fewShapes));
        Thread loader = new Thread(null, opening, "embed-load", LOADER_STACK_BYTES);
        loader.setDaemon(true);
        loader.start();
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw new PalimpsestException(ErrorCode.MODEL_MISSING, "ONNX Runtime does not load " + file, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PalimpsestException(ErrorCode.EMBED_FAILED, "interrupted while loading " + file, e);
        }
    }

    private static EncoderSession load(Path file, boolean fewShapes) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setMemoryPatternOptimization(fewShapes);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry("optimization.disable_specified_optimizers", SLOWER_FUSED);
            return new EncoderSession(environment, environment.createSession(file.toString(), options));
        }
    }

    int dimensions() {
        return dimensions;
    }

    /** Row-major [ids.length, width, dimensions]; rows past a text's own length are of padding. */
    float[] hiddenState(long[][] ids, int width) throws OrtException {
        closing.readLock().lock();
        try {
            if (closed) {
                throw new PalimpsestException(ErrorCode.EMBED_FAILED, "the embedder is closed");
            }
            return run(ids, width);
        } finally {
            closing.readLock().unlock();
        }
    }

    private float[] run(long[][] ids, int width) throws OrtException {
        LongBuffer tokens = buffer(ids.length * width);
        LongBuffer mask = buffer(ids.length * width);
        for (int row = 0; row < ids.length; row++) {
            tokens.put(row * width, ids[row]);
            for (int i = 0; i < ids[row].length; i++) {
                mask.put(row * width + i, 1);
            }
        }
        long[] shape = {ids.length, width};
        try (OnnxTensor tokenTensor = OnnxTensor.createTensor(environment, tokens, shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, buffer(ids.length * width), shape)) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put("input_ids", tokenTensor);
            inputs.put("attention_mask", maskTensor);
            if (session.getInputNames().contains("token_type_ids")) {
                inputs.put("token_type_ids", typeTensor);
            }
            try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
                // One copy, out of native memory into a heap array.
                return ((OnnxTensor) result.get(0)).getFloatBuffer().array();
            }
        }
    }

    private int probeDimensions() throws OrtException {
        return run(new long[][] {{0, 0}}, 2).length / 2;
    }

    /** Direct, so that ONNX Runtime reads it in place. */
    private static LongBuffer buffer(int longs) {
        return ByteBuffer.allocateDirect(longs * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new PalimpsestException(ErrorCode.INTERNAL, "ONNX Runtime does not close its session", e);
        } finally {
            closing.writeLock().unlock();
        }
    }
}
