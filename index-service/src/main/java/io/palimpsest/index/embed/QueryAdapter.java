package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Embeds queries for passages of its base: {@code q' = normalise(q + q · down · up)}, low-rank. Not for passages.
 *
 * <p>Threading: safe. Failure: as its base's.
 */
final class QueryAdapter implements Embedder {
    private final ModelId model;
    private final Supplier<Embedder> base;
    /** float[dimensions][rank]. */
    private final float[][] down;
    /** float[rank][dimensions]. */
    private final float[][] up;

    private QueryAdapter(ModelId model, Supplier<Embedder> base, float[][] down, float[][] up) {
        this.model = model;
        this.base = base;
        this.down = down;
        this.up = up;
    }

    /** @param base asked for at each use, and not closed */
    static QueryAdapter open(ModelManifest manifest, Path folder, Supplier<Embedder> base) {
        try {
            Safetensors tensors = Safetensors.read(folder.resolve(ModelManifest.ADAPTER));
            float[][] down = tensors.matrix("down");
            float[][] up = tensors.matrix("up");
            int dimensions = base.get().dimensions();
            if (down.length != dimensions || up[0].length != dimensions || down[0].length != up.length) {
                throw new PalimpsestException(
                        ErrorCode.MODEL_UNSUITABLE,
                        "model " + manifest.id() + ": its matrices do not fit vectors of length " + dimensions);
            }
            return new QueryAdapter(manifest.id(), base, down, up);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_UNSUITABLE,
                    "model " + manifest.id() + ": " + ModelManifest.ADAPTER + " does not read: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public ModelId model() {
        return model;
    }

    @Override
    public int dimensions() {
        return base.get().dimensions();
    }

    @Override
    public int maxTokens() {
        return base.get().maxTokens();
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return base.get().embed(texts).stream().map(this::adapted).toList();
    }

    private float[] adapted(float[] query) {
        float[] inner = new float[up.length];
        for (int i = 0; i < query.length; i++) {
            for (int r = 0; r < inner.length; r++) {
                inner[r] += query[i] * down[i][r];
            }
        }
        float[] outer = query.clone();
        for (int r = 0; r < inner.length; r++) {
            for (int i = 0; i < outer.length; i++) {
                outer[i] += inner[r] * up[r][i];
            }
        }
        return Pooling.normalise(outer);
    }

    @Override
    public void close() {}
}
