package io.palimpsest.bench;

import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.Embedder;
import java.util.List;

/** Embeds with one model now and with another later; all of them fit the same index. */
final class QuerySwitch implements Embedder {
    private Embedder used;

    QuerySwitch(Embedder first) {
        this.used = first;
    }

    void use(Embedder next) {
        used = next;
    }

    @Override
    public ModelId model() {
        return used.model();
    }

    @Override
    public int dimensions() {
        return used.dimensions();
    }

    @Override
    public int maxTokens() {
        return used.maxTokens();
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return used.embed(texts);
    }

    @Override
    public void close() {
        // the embedders are their maker's
    }
}
