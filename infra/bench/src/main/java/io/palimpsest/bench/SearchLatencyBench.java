package io.palimpsest.bench;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Latency of both legs of the embedded index over 50,000 passages, alone and beside writes; without the embedding of the
 * query. Arguments: {@code [--passages N] [--json PATH]}.
 */
public final class SearchLatencyBench {
    private static final int DIMENSIONS = 384;
    private static final int PASSAGES_PER_DOCUMENT = 10;
    private static final int CLUSTERS = 500;
    private static final double SPREAD = 0.03;
    private static final int VOCABULARY = 40_000;
    private static final int WORDS_PER_PASSAGE = 90;
    private static final int WORDS_PER_QUERY = 7;
    private static final int CANDIDATES = 100;
    private static final int WARM_UP = 300;
    private static final int QUERIES = 1_000;
    private static final int BATCH = 100;
    private static final Set<String> CALLER = Set.of("user:bench");
    private static final CollectionKey COLLECTION = CollectionKey.of("bench", "latency");
    private static final Generation GENERATION = new Generation(
            new GenerationId("latency"),
            COLLECTION,
            new ModelId("synthetic"),
            new PassagePolicyId("synthetic"),
            DIMENSIONS);

    private final Random random = new Random(42);
    private final float[][] centres = new float[CLUSTERS][];
    private final Report report = new Report(System.out);
    private final PassageIndex index;
    private final int documents;

    private SearchLatencyBench(PassageIndex index, int passages) {
        this.index = index;
        this.documents = passages / PASSAGES_PER_DOCUMENT;
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = gaussian(1);
        }
    }

    public static void main(String[] arguments) throws IOException {
        int passages = 50_000;
        Path json = null;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--passages" -> passages = Integer.parseInt(arguments[i + 1]);
                case "--json" -> json = Path.of(arguments[i + 1]);
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        Path folder = Files.createTempDirectory("search-latency");
        try (PassageIndex index = new LucenePassageIndex(folder)) {
            SearchLatencyBench bench = new SearchLatencyBench(index, passages);
            bench.run();
            if (json != null) {
                bench.report.write(json);
            }
            index.dropGeneration(GENERATION.id());
        }
    }

    private void run() {
        index.createGeneration(GENERATION);
        fill();
        search("warm-up", WARM_UP, PassageQuery::withAsOf, true, true);
        search("hybrid", QUERIES, PassageQuery::withAsOf, true, true);
        search("vector", QUERIES, PassageQuery::withAsOf, true, false);
        search("keyword", QUERIES, PassageQuery::withAsOf, false, true);
        search("hybrid, label of 10 %", QUERIES, (q, now) -> q.withLabels(Map.of("part", "3")), true, true);
        search("hybrid, label of 50 %", QUERIES, (q, now) -> q.withLabels(Map.of("half", "1")), true, true);
        search("hybrid, as of", QUERIES, (q, now) -> q.withAsOf(Instant.EPOCH.plusSeconds(5)), true, true);
        write("apply alone", 200, new AtomicBoolean());
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writes =
                CompletableFuture.runAsync(() -> write("apply beside searches", Integer.MAX_VALUE, stop));
        search("hybrid beside writes", QUERIES, PassageQuery::withAsOf, true, true);
        stop.set(true);
        writes.join();
    }

    private void fill() {
        long start = System.nanoTime();
        for (int from = 0; from < documents; from += BATCH) {
            List<DocumentWrite> batch = new ArrayList<>();
            for (int i = from; i < Math.min(documents, from + BATCH); i++) {
                batch.add(document(i, 1, entries(PASSAGES_PER_DOCUMENT)));
            }
            index.apply(GENERATION.id(), batch);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long passages = index.counts(GENERATION.id()).livePassages();
        report.row("fill", Map.of("passages", passages, "perSecond", passages / seconds));
    }

    private DocumentWrite.Put document(int number, long version, List<PassageEntry> passages) {
        return new DocumentWrite.Put(
                DocumentKey.of(COLLECTION, "doc-" + number),
                version,
                Instant.EPOCH.plusSeconds(version),
                "{\"document\":" + number + ",\"version\":" + version + "}",
                AccessList.PUBLIC,
                Map.of("part", Integer.toString(number % 10), "half", Integer.toString(number % 2)),
                passages);
    }

    private List<PassageEntry> entries(int count) {
        List<PassageEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = words(WORDS_PER_PASSAGE);
            entries.add(new PassageEntry(PassageId.of(ContentHash.ofText(text), 0), text, vector()));
        }
        return entries;
    }

    private interface Narrowing {
        PassageQuery of(PassageQuery query, @org.jspecify.annotations.Nullable Instant now);
    }

    private void search(String name, int count, Narrowing narrowing, boolean vector, boolean keyword) {
        double[] millis = new double[count];
        long hits = 0;
        for (int i = 0; i < count; i++) {
            PassageQuery query = narrowing.of(
                    PassageQuery.of(
                            vector ? vector() : null, keyword ? words(WORDS_PER_QUERY) : null, CANDIDATES, CALLER),
                    null);
            long start = System.nanoTime();
            hits += index.search(GENERATION.id(), query).vector().size();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        row(name, Latencies.of(millis), Map.of("vectorHits", hits / (double) count));
    }

    /** Edits of one passage of ten, one document at a time. */
    private void write(String name, int most, AtomicBoolean stop) {
        Random own = new Random(1);
        List<Double> millis = new ArrayList<>();
        long version = 10 + (long) most % 7;
        List<PassageEntry> passages = entries(PASSAGES_PER_DOCUMENT);
        while (millis.size() < most && !stop.get()) {
            passages = new ArrayList<>(passages);
            passages.set(own.nextInt(PASSAGES_PER_DOCUMENT), entries(1).getFirst());
            DocumentWrite.Put edit = document(documents + most % 7, ++version, passages);
            long start = System.nanoTime();
            index.apply(GENERATION.id(), List.of(edit));
            millis.add((System.nanoTime() - start) / 1e6);
        }
        row(name, Latencies.of(millis), Map.of());
    }

    private void row(String name, Latencies latencies, Map<String, Object> more) {
        Map<String, Object> values = latencies.row();
        values.putAll(more);
        report.row(name, values);
    }

    private synchronized float[] vector() {
        float[] values = gaussian(SPREAD);
        float[] centre = centres[random.nextInt(CLUSTERS)];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] += centre[i] * 0.05f;
            sum += (double) values[i] * values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] / Math.sqrt(sum));
        }
        return values;
    }

    private float[] gaussian(double scale) {
        float[] values = new float[DIMENSIONS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    /** Zipf's law with exponent 1, by inversion of its continuous form. */
    private synchronized String words(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long rank = (long) Math.pow(VOCABULARY, random.nextDouble());
            text.append('w').append(Long.toString(rank, 36)).append(' ');
        }
        return text.toString();
    }
}
