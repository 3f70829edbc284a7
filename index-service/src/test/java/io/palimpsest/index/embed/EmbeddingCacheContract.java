package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link EmbeddingCache} must keep to. */
abstract class EmbeddingCacheContract {
    static final ModelId MODEL = new ModelId("m/fp32/00000001");
    static final ModelId OTHER_MODEL = new ModelId("m/int8/00000002");
    static final ContentHash A = ContentHash.ofText("a");
    static final ContentHash B = ContentHash.ofText("b");

    abstract EmbeddingCache cache();

    @Test
    void findsWhatWasPutToTheBit() {
        float[] vector = {1f, -0f, Float.MIN_VALUE, 0.1f};
        cache().put(MODEL, Map.of(A, vector));

        Map<ContentHash, float[]> found = cache().find(MODEL, List.of(A, B));

        assertThat(found).containsOnlyKeys(A);
        assertThat(found.get(A)).isEqualTo(vector);
    }

    @Test
    void modelsDoNotSeeEachOther() {
        cache().put(MODEL, Map.of(A, new float[] {1}));

        assertThat(cache().find(OTHER_MODEL, Set.of(A))).isEmpty();
    }

    @Test
    void puttingAgainReplaces() {
        cache().put(MODEL, Map.of(A, new float[] {1}));
        cache().put(MODEL, Map.of(A, new float[] {0, 1}, B, new float[] {1}));

        assertThat(cache().find(MODEL, Set.of(A)).get(A)).containsExactly(0, 1);
    }

    @Test
    void whatIsRemovedIsGoneUnderEveryModel() {
        cache().put(MODEL, Map.of(A, new float[] {1}, B, new float[] {1}));
        cache().put(OTHER_MODEL, Map.of(A, new float[] {1}));

        assertThat(cache().count(List.of(A, ContentHash.ofText("unknown")))).isEqualTo(2);
        assertThat(cache().remove(List.of(A, ContentHash.ofText("unknown")))).isEqualTo(2);
        assertThat(cache().count(List.of(A))).isZero();

        assertThat(cache().find(MODEL, List.of(A, B))).containsOnlyKeys(B);
        assertThat(cache().find(OTHER_MODEL, List.of(A))).isEmpty();
    }

    @Test
    void nothingAskedNothingFound() {
        cache().put(MODEL, Map.of());

        assertThat(cache().find(MODEL, List.of())).isEmpty();
    }

    @Test
    void changingFoundVectorDoesNotChangeTheCache() {
        cache().put(MODEL, Map.of(A, new float[] {1}));
        cache().find(MODEL, Set.of(A)).values().forEach(vector -> vector[0] = 7);

        assertThat(cache().find(MODEL, Set.of(A)).get(A)).containsExactly(1);
    }

    @Test
    void manyAreFoundAtOnce() {
        Map<ContentHash, float[]> many = new HashMap<>();
        for (int i = 0; i < 1_777; i++) {
            many.put(ContentHash.ofText("text " + i), new float[] {i});
        }
        cache().put(MODEL, many);

        Map<ContentHash, float[]> found = cache().find(MODEL, many.keySet());

        assertThat(found.keySet()).isEqualTo(many.keySet());
        many.forEach((hash, vector) -> assertThat(found.get(hash)).isEqualTo(vector));
    }
}
