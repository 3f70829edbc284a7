package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CachingEmbedderContractTest extends EmbedderContract {
    private final HashingEmbedder model = new HashingEmbedder();
    private final InMemoryEmbeddingCache cache = new InMemoryEmbeddingCache();
    private final CachingEmbedder embedder = new CachingEmbedder(model, cache);

    @Override
    Embedder embedder() {
        return embedder;
    }

    @Test
    void sameTextIsEmbeddedOnceOverCallsAndRestarts() {
        embedder.embed(List.of("a", "b", "a"));
        embedder.embed(List.of("b", "c"));
        new CachingEmbedder(model, cache).embed(List.of("a", "c"));

        assertThat(model.embedded().sum()).isEqualTo(3);
    }

    @Test
    void badVectorInTheCacheIsReplaced() {
        float[] good = model.embed(List.of("a")).getFirst();
        for (float[] bad : List.of(new float[3], new float[64], new float[] {Float.NaN})) {
            cache.put(model.model(), Map.of(ContentHash.ofText("a"), bad));

            assertThat(embedder.embed(List.of("a")).getFirst()).isEqualTo(good);
            assertThat(cache.find(model.model(), Set.of(ContentHash.ofText("a")))
                            .values())
                    .containsExactly(good);
        }
    }

    @Test
    void changingOneVectorLeavesItsTwinAlone() {
        List<float[]> twins = embedder.embed(List.of("a", "a"));
        float[] before = twins.get(1).clone();

        twins.get(0)[0] = 9;

        assertThat(twins.get(1)).isEqualTo(before);
    }

    @Property(tries = 200)
    void embedsExactlyTheDistinctUnseenTexts(
            @ForAll @Size(max = 12) List<@Size(max = 8) List<@IntRange(max = 9) Integer>> calls) {
        HashingEmbedder fresh = new HashingEmbedder(16);
        CachingEmbedder caching = new CachingEmbedder(fresh, new InMemoryEmbeddingCache());
        Set<Integer> seen = new HashSet<>();
        for (List<Integer> call : calls) {
            List<String> texts = new ArrayList<>();
            call.forEach(number -> texts.add("text " + number));
            List<float[]> vectors = caching.embed(texts);
            seen.addAll(call);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(vectors.get(i))
                        .isEqualTo(new HashingEmbedder(16)
                                .embed(List.of(texts.get(i)))
                                .getFirst());
            }
        }
        assertThat(fresh.embedded().sum()).isEqualTo(seen.size());
    }
}
