package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ModelId;
import java.util.List;

/**
 * Turns texts into vectors whose dot product is their similarity.
 *
 * <p>Threading: safe for use from any thread. Ordering: the vector of a text is bit-identical alone or among any others, and so
 * over restarts on one machine. Failure: {@code EMBED_FAILED}, and then no vector of the call is returned.
 */
public interface Embedder extends AutoCloseable {
    /** Vectors of different models must never meet in one index generation. */
    ModelId model();

    int dimensions();

    /** Special tokens included; what is longer is cut and counted, never dropped unseen. */
    int maxTokens();

    /** One {@code float[dimensions]}, L2-normalised, for each text, in the order of the texts. */
    List<float[]> embed(List<String> texts);

    /**
     * The same, telling what it took.
     *
     * @see Worked
     */
    default Worked work(List<String> texts) {
        return new Worked(embed(texts), 0);
    }

    /**
     * Vectors as of {@link #embed}.
     *
     * @param cpuNanos of this process's other threads than the caller's; 0 where the model is elsewhere
     */
    record Worked(List<float[]> vectors, long cpuNanos) {}

    @Override
    void close();
}
