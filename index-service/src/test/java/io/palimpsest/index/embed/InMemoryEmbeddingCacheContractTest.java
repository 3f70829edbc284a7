package io.palimpsest.index.embed;

class InMemoryEmbeddingCacheContractTest extends EmbeddingCacheContract {
    private final InMemoryEmbeddingCache cache = new InMemoryEmbeddingCache();

    @Override
    EmbeddingCache cache() {
        return cache;
    }
}
