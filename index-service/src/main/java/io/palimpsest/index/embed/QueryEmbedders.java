package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ModelId;

/** Embedders of queries, by model. */
@FunctionalInterface
public interface QueryEmbedders {
    /** Asked for again at each use, and not closed. */
    Embedder forQueries(ModelId model);

    /** The model whose vectors are in the index when this one is asked: its base's where it is an adapter of queries. */
    default ModelId passagesOf(ModelId model) {
        return model;
    }
}
