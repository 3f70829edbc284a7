package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Documents, vectors and moments for tests of the index. */
public final class Corpus {
    public static final int DIMENSIONS = 16;
    public static final CollectionKey COLLECTION = CollectionKey.of("acme", "handbook");
    public static final Generation GENERATION = generation("g1", DIMENSIONS);
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    public static final Set<String> ALICE = Set.of("user:alice");

    private Corpus() {}

    public static Generation generation(String id, int dimensions) {
        return new Generation(
                new GenerationId(id), COLLECTION, new ModelId("m/fp32/1"), new PassagePolicyId("p/1"), dimensions);
    }

    public static DocumentKey key(String id) {
        return DocumentKey.of(COLLECTION, id);
    }

    /** Days after the start. */
    public static Instant day(long days) {
        return START.plusSeconds(86_400 * days);
    }

    public static PassageId id(String text) {
        return PassageId.of(ContentHash.ofText(text), 0);
    }

    /** The same text always gets the same vector. */
    public static PassageEntry passage(String text) {
        return new PassageEntry(id(text), text, vector(text));
    }

    public static float[] vector(String text) {
        return unit(new Random(text.hashCode()), DIMENSIONS);
    }

    public static float[] unit(Random random, int dimensions) {
        float[] values = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return normalised(values);
    }

    public static float[] normalised(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        float[] unit = values.clone();
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (unit[i] / Math.sqrt(sum));
        }
        return unit;
    }

    /** Public, without labels, dated by its version in days. */
    public static DocumentWrite.Put put(String id, long version, String... texts) {
        return put(id, version, AccessList.PUBLIC, Map.of(), texts);
    }

    public static DocumentWrite.Put put(
            String id, long version, AccessList access, Map<String, String> labels, String... texts) {
        List<PassageEntry> passages = Arrays.stream(texts).map(Corpus::passage).toList();
        return new DocumentWrite.Put(
                key(id), version, day(version), "{\"v\":" + version + "}", access, labels, passages);
    }

    public static DocumentWrite.Delete delete(String id, long version) {
        return new DocumentWrite.Delete(key(id), version, day(version));
    }
}
