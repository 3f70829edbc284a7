package io.palimpsest.index.embed;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxEmbedderInt8ContractTest extends EmbedderContract {
    private final OnnxEmbedder embedder = MiniLm.embedder(Precision.INT8);

    @Override
    Embedder embedder() {
        return embedder;
    }

    @AfterAll
    void close() {
        embedder.close();
    }
}
