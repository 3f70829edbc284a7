package io.palimpsest.retrain.drift.measure;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** Made-up questions of two kinds, with embeddings of 16 dimensions about a direction of their own. */
public final class Questions {
    public static final CollectionKey COLLECTION = CollectionKey.of("acme", "handbook");
    public static final ModelId MODEL = new ModelId("test/fp32/0");
    public static final Instant START = Instant.parse("2026-11-01T08:00:00Z");
    private static final int DIMENSION = 16;

    private final Random random;
    private long asked;

    public Questions(long seed) {
        random = new Random(seed);
    }

    public List<QuerySample> known(int count) {
        return Stream.generate(() -> QuerySample.of(known())).limit(count).toList();
    }

    public List<QuerySample> strange(int count) {
        return Stream.generate(() -> QuerySample.of(strange())).limit(count).toList();
    }

    public QueryServed known() {
        return query(0, 8 + random.nextInt(10), 0.7 + 0.1 * random.nextGaussian(), 10, false);
    }

    /** Longer, about something else, and found worse. */
    public QueryServed strange() {
        return query(7, 20 + random.nextInt(10), 0.3 + 0.1 * random.nextGaussian(), random.nextInt(3), false);
    }

    public QueryServed probe() {
        return query(7, 40, 0, 0, true);
    }

    private QueryServed query(int direction, int tokens, double similarity, int hits, boolean probe) {
        asked++;
        return new QueryServed(
                String.format(Locale.ROOT, "%032x", asked * 1_000_003),
                COLLECTION,
                new GenerationId("g1"),
                MODEL,
                probe,
                hits,
                hits == 0 ? null : Math.clamp(similarity, -1, 1),
                random.nextInt(11) / 10.0,
                tokens,
                5,
                Vectors.encode(embedding(direction)),
                START.plusMillis(asked * 100));
    }

    private float[] embedding(int direction) {
        float[] vector = new float[DIMENSION];
        double squares = 0;
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (random.nextGaussian() * 0.3 + (i == direction ? 1 : 0));
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /** Small and quick: windows of 20, 40 and 80. */
    public static Calibration calibration() {
        return new Calibration(0.01, List.of(20, 40, 80), 2_000);
    }

    public static Reference reference(long seed) {
        return calibration().take(period(new Questions(seed).known(300)));
    }

    public static Calibration.Period period(List<QuerySample> samples) {
        return new Calibration.Period(
                COLLECTION, MODEL, START, START.plusSeconds(3600), samples, new Reference.FeedbackReference(170, 200));
    }

    public static Window window(List<QuerySample> samples) {
        Tally tally = new Tally();
        samples.forEach(sample -> tally.add(sample, true));
        return new Window(
                MODEL,
                tally,
                samples.stream()
                        .map(QuerySample::embedding)
                        .filter(e -> e != null)
                        .toList());
    }
}
