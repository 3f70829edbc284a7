package io.palimpsest.index.embed;

import ai.onnxruntime.OrtException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.platform.tokens.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Embeds in this process with ONNX Runtime: mean of the token vectors, L2-normalised.
 *
 * <p>Work is spread by running several small batches side by side, each on one thread, instead of splitting every matrix over
 * the threads: no barrier between the layers, so more texts per second on the same cores. Int8 runs one text at a time, because
 * its scales are computed over the batch and a text's vector would depend on its neighbours.
 *
 * <p>Threading: safe; a call with one text runs at once, beside bulk work in progress. Failure: {@code EMBED_FAILED}.
 */
public final class OnnxEmbedder implements Embedder, TokenEmbedder {
    private static final int MAX_TOKENS = 512;

    private final ModelId model;
    private final EmbedderTokenizer tokenizer;
    private final BatchPlan plan;
    private final EncoderSession session;
    private final Lanes lanes;
    private final LongAdder truncated = new LongAdder();

    /** With one thread for each processor. */
    public OnnxEmbedder(OnnxModel model, EmbedderTokenizer tokenizer) {
        this(model, tokenizer, Runtime.getRuntime().availableProcessors());
    }

    /** The tokenizer stays the caller's to close. */
    public OnnxEmbedder(OnnxModel model, EmbedderTokenizer tokenizer, int threads) {
        this(
                ModelId.ofEncoder(model.name(), model.precision().id(), model.hash(), tokenizer.hash()),
                model,
                tokenizer,
                threads);
    }

    /** Under an id of its own: a model of the store has it from its manifest. */
    OnnxEmbedder(ModelId id, OnnxModel model, EmbedderTokenizer tokenizer, int threads) {
        this.tokenizer = tokenizer;
        this.model = id;
        this.plan = model.precision() == Precision.INT8 ? BatchPlan.SINGLE : BatchPlan.BY_LENGTH;
        this.session = EncoderSession.open(model.file(), plan.hasFewShapes());
        this.lanes = new Lanes("embed", threads);
    }

    @Override
    public ModelId model() {
        return model;
    }

    @Override
    public int dimensions() {
        return session.dimensions();
    }

    @Override
    public int maxTokens() {
        return MAX_TOKENS;
    }

    /** Texts cut at {@link #maxTokens()} since the start. */
    public LongAdder truncated() {
        return truncated;
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return work(texts).vectors();
    }

    @Override
    public Worked work(List<String> texts) {
        Tokens[] tokens = new Tokens[texts.size()];
        long cpu = lanes.run(tokens.length, i -> tokens[i] = tokenizer.encode(texts.get(i), MAX_TOKENS));
        countTruncated(tokens);
        List<int[]> batches = plan.batches(tokens);
        float[][] vectors = new float[tokens.length][];
        cpu += lanes.run(batches.size(), b -> embedBatch(tokens, batches.get(b), vectors));
        return new Worked(new ArrayList<>(Arrays.asList(vectors)), cpu);
    }

    private void embedBatch(Tokens[] tokens, int[] batch, float[][] vectors) {
        long[][] ids = Arrays.stream(batch).mapToObj(i -> tokens[i].ids()).toArray(long[][]::new);
        int width = Arrays.stream(ids).mapToInt(row -> row.length).max().orElseThrow();
        float[] hidden = hiddenState(ids, width);
        for (int row = 0; row < batch.length; row++) {
            vectors[batch[row]] = Pooling.normalisedMean(hidden, row * width, ids[row].length, dimensions());
        }
    }

    @Override
    public float[][] tokenVectors(String text) {
        float[][][] answer = new float[1][][];
        lanes.run(1, i -> {
            Tokens tokens = tokenizer.encode(text, MAX_TOKENS);
            countTruncated(tokens);
            answer[i] = tokenVectors(tokens);
        });
        return answer[0];
    }

    private float[][] tokenVectors(Tokens tokens) {
        float[] hidden = hiddenState(new long[][] {tokens.ids()}, tokens.length());
        float[][] vectors = new float[tokens.length() - 2][];
        for (int row = 0; row < vectors.length; row++) {
            vectors[row] = Pooling.normalisedMean(hidden, row + 1, 1, dimensions());
        }
        return vectors;
    }

    private void countTruncated(Tokens... tokens) {
        for (Tokens each : tokens) {
            if (each.truncated()) {
                truncated.increment();
            }
        }
    }

    private float[] hiddenState(long[][] ids, int width) {
        try {
            return session.hiddenState(ids, width);
        } catch (OrtException e) {
            throw new PalimpsestException(
                    ErrorCode.EMBED_FAILED,
                    "ONNX Runtime failed on " + ids.length + " texts of " + width + " tokens",
                    e);
        }
    }

    @Override
    public void close() {
        lanes.close();
        session.close();
    }
}
