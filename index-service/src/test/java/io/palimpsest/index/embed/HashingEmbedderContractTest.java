package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HashingEmbedderContractTest extends EmbedderContract {
    private final HashingEmbedder embedder = new HashingEmbedder(256);

    @Override
    Embedder embedder() {
        return embedder;
    }

    @Test
    void textsThatShareWordsAreNearer() {
        List<float[]> v = embedder.embed(List.of("the ledger of versions", "a ledger with versions", "tomato soup"));

        assertThat(dot(v.get(0), v.get(1))).isGreaterThan(dot(v.get(0), v.get(2)) + 0.2);
    }
}
