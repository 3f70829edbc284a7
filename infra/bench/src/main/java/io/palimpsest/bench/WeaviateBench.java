package io.palimpsest.bench;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.weaviate.WeaviatePassageIndex;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.testkit.engine.WeaviateEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The index in Weaviate beside its bare client, on one server, by turns: import of SciFact's abstracts against a loop of
 * {@code insertMany} with the very same objects, and searches against the client's calls for the same legs. Vectors are
 * random, in clusters, so nothing is embedded.
 */
final class WeaviateBench {
    private static final int DIMENSIONS = 384;
    private static final int CLUSTERS = 200;
    private static final double SPREAD = 0.05;
    private static final int WORDS_PER_PASSAGE = 110;
    /** What the indexer applies in one go. */
    private static final int BATCH_PASSAGES = 512;

    private static final int CANDIDATES = 100;
    private static final int WARM_UP = 100;
    private static final int QUERIES = 400;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Set<String> CALLER = Set.of("user:bench");
    private static final CollectionKey COLLECTION = CollectionKey.of("bench", "weaviate");
    private static final Generation GENERATION = new Generation(
            new GenerationId("weaviate"),
            COLLECTION,
            new ModelId("synthetic"),
            new PassagePolicyId("synthetic"),
            DIMENSIONS);

    private final Random random = new Random(42);
    /** The two calls that a hybrid search is made of, at the same time. */
    private static final String LEGS = "legs";
    /** A hybrid search of which nothing can be remembered: something was committed just before. */
    private static final String AFTER_COMMIT = "hybrid after a commit";

    private static final Executor THREADS = command -> Thread.ofVirtual().start(command);

    private final float[][] centres = new float[CLUSTERS][];
    private final Report report;

    WeaviateBench(Report report) {
        this.report = report;
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = gaussian();
        }
    }

    /** The server is the one named by {@code TESTKIT_WEAVIATE}, otherwise a container. */
    void run(Path sets, int documents) throws IOException {
        WeaviateEngine engine = WeaviateEngine.start();
        try {
            run(engine, batches(SciFactTexts.abstracts(sets), documents));
        } finally {
            engine.container().ifPresent(container -> container.stop());
        }
    }

    private void run(WeaviateEngine engine, List<List<DocumentWrite>> batches) {
        try (WeaviateLoop loop = new WeaviateLoop(engine);
                WeaviatePassageIndex model = new WeaviatePassageIndex(settings(engine, "BenchModel"));
                WeaviatePassageIndex ours = new WeaviatePassageIndex(settings(engine, "BenchOurs"));
                WeaviatePassageIndex bare = new WeaviatePassageIndex(settings(engine, "BenchBare"))) {
            List<WeaviatePassageIndex> all = List.of(model, ours, bare);
            all.forEach(index -> index.dropGeneration(GENERATION.id()));
            all.forEach(index -> index.createGeneration(GENERATION));
            for (List<DocumentWrite> batch : batches) { // warms up, and shows what the objects are
                model.apply(GENERATION.id(), batch);
            }
            imports(batches, ours, loop, loop.objects("BenchModel"));
            updates(batches, ours);
            searches(ours, loop);
            all.forEach(index -> index.dropGeneration(GENERATION.id()));
        }
    }

    private void imports(
            List<List<DocumentWrite>> batches,
            PassageIndex ours,
            WeaviateLoop loop,
            Map<String, WeaviateLoop.Objects> objects) {
        long[] oursNanos = new long[batches.size()];
        long[] bareNanos = new long[batches.size()];
        long passages = 0;
        for (int i = 0; i < batches.size(); i++) {
            List<DocumentWrite> batch = batches.get(i);
            WeaviateLoop.Objects same = WeaviateLoop.Objects.all(batch.stream()
                    .map(write -> objects.get(write.key().document().value()))
                    .toList());
            boolean oursFirst = i % 2 == 0;
            if (oursFirst) {
                oursNanos[i] = nanos(() -> ours.apply(GENERATION.id(), batch));
            }
            bareNanos[i] = nanos(() -> loop.insert("BenchBare", same));
            if (!oursFirst) {
                oursNanos[i] = nanos(() -> ours.apply(GENERATION.id(), batch));
            }
            passages += same.size();
        }
        double oursSeconds = Arrays.stream(oursNanos).sum() / 1e9;
        double bareSeconds = Arrays.stream(bareNanos).sum() / 1e9;
        double[] shares = new double[batches.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (double) bareNanos[i] / oursNanos[i];
        }
        Arrays.sort(shares);
        report.row(
                "weaviate-import",
                Map.of(
                        "passages", passages,
                        "oursPerSecond", passages / oursSeconds,
                        "barePerSecond", passages / bareSeconds,
                        "share", bareSeconds / oursSeconds,
                        "shareMedianBatch", shares[shares.length / 2]));
    }

    /** The first batches again, as the next version with half of the passages new. No counterpart: a bare client has no history. */
    private void updates(List<List<DocumentWrite>> batches, PassageIndex ours) {
        int rounds = Math.min(4, batches.size());
        long passages = 0;
        long nanos = 0;
        for (List<DocumentWrite> batch : batches.subList(0, rounds)) {
            List<DocumentWrite> next = new ArrayList<>();
            for (DocumentWrite write : batch) {
                DocumentWrite.Put put = (DocumentWrite.Put) write;
                List<PassageEntry> entries = new ArrayList<>(put.passages());
                entries.set(0, entry(entries.getFirst().embeddedText() + " revised"));
                next.add(new DocumentWrite.Put(
                        put.key(), 2, Instant.EPOCH.plusSeconds(2), "two", put.access(), put.labels(), entries));
                passages += entries.size();
            }
            nanos += nanos(() -> ours.apply(GENERATION.id(), next));
        }
        report.row("weaviate-update", Map.of("passages", passages, "passagesPerSecond", passages / (nanos / 1e9)));
    }

    private void searches(PassageIndex ours, WeaviateLoop loop) {
        String[] words = "protein cell cancer risk gene human growth factor model blood".split(" ");
        for (String kind : List.of("vector", "keyword", "hybrid", LEGS, AFTER_COMMIT)) {
            double[] oursMillis = new double[QUERIES];
            double[] bareMillis = new double[QUERIES];
            int[] hits = new int[2];
            for (int i = -WARM_UP; i < QUERIES; i++) {
                float[] vector = kind.equals("keyword") ? null : near();
                String text = kind.equals("vector")
                        ? null
                        : words[random.nextInt(words.length)] + " " + words[random.nextInt(words.length)];
                PassageQuery query = PassageQuery.of(vector, text, CANDIDATES, CALLER);
                if (kind.equals(AFTER_COMMIT)) {
                    ours.apply(GENERATION.id(), List.of(written("another", WARM_UP + i + 1, "a text of " + i)));
                }
                boolean oursFirst = i % 2 == 0;
                Runnable search = () -> hits[0] += hits(ours.search(GENERATION.id(), query));
                long first = oursFirst ? nanos(search) : 0;
                long bareNanos = nanos(() -> hits[1] += bare(loop, kind, vector, text));
                long ownNanos = oursFirst ? first : nanos(search);
                if (i >= 0) {
                    oursMillis[i] = ownNanos / NANOS_PER_MILLI;
                    bareMillis[i] = bareNanos / NANOS_PER_MILLI;
                }
            }
            Map<String, Object> row = new HashMap<>(Map.of("search", kind, "queries", QUERIES));
            double own = quantiles(row, "ours", oursMillis);
            double bare = quantiles(row, "bare", bareMillis);
            row.put("oursHitsPerQuery", (double) hits[0] / (QUERIES + WARM_UP));
            row.put("bareHitsPerQuery", (double) hits[1] / (QUERIES + WARM_UP));
            row.put("overheadP50Millis", own - bare);
            report.row("weaviate-search", row);
        }
    }

    /** @return hits */
    private static int bare(WeaviateLoop loop, String kind, float @Nullable [] vector, @Nullable String text) {
        if (!kind.equals(LEGS)) {
            return loop.search("BenchOurs", vector, text, CANDIDATES);
        }
        CompletableFuture<Integer> keyword =
                CompletableFuture.supplyAsync(() -> loop.search("BenchOurs", null, text, CANDIDATES), THREADS);
        return loop.search("BenchOurs", vector, null, CANDIDATES) + keyword.join();
    }

    /** @return p50 */
    private static double quantiles(Map<String, Object> row, String who, double[] millis) {
        Latencies latencies = Latencies.of(millis);
        row.put(who + "P50Millis", latencies.p50());
        row.put(who + "P95Millis", latencies.quantile(0.95));
        return latencies.p50();
    }

    private static int hits(LegHits legs) {
        return legs.vector().size() + legs.keyword().size();
    }

    private static long nanos(Runnable work) {
        long before = System.nanoTime();
        work.run();
        return System.nanoTime() - before;
    }

    private List<List<DocumentWrite>> batches(List<String> abstracts, int documents) {
        List<List<DocumentWrite>> batches = new ArrayList<>();
        List<DocumentWrite> batch = new ArrayList<>();
        int passages = 0;
        for (int i = 0; i < Math.min(documents, abstracts.size()); i++) {
            List<PassageEntry> entries = entries(abstracts.get(i));
            batch.add(written("doc-" + i, 1, entries));
            passages += entries.size();
            if (passages >= BATCH_PASSAGES) {
                batches.add(batch);
                batch = new ArrayList<>();
                passages = 0;
            }
        }
        return batches;
    }

    private DocumentWrite.Put written(String id, long version, String text) {
        return written(id, version, List.of(entry(text)));
    }

    private static DocumentWrite.Put written(String id, long version, List<PassageEntry> entries) {
        return new DocumentWrite.Put(
                DocumentKey.of(COLLECTION, id),
                version,
                Instant.EPOCH.plusSeconds(version),
                "one",
                AccessList.PUBLIC,
                Map.of("half", id.hashCode() % 2 == 0 ? "even" : "odd"),
                entries);
    }

    private List<PassageEntry> entries(String text) {
        String[] words = text.split("\\s+");
        List<PassageEntry> entries = new ArrayList<>();
        for (int from = 0; from == 0 || from < words.length; from += WORDS_PER_PASSAGE) {
            entries.add(entry(String.join(
                    " ", Arrays.copyOfRange(words, from, Math.min(words.length, from + WORDS_PER_PASSAGE)))));
        }
        return entries;
    }

    private PassageEntry entry(String text) {
        return new PassageEntry(PassageId.of(ContentHash.ofText(text), random.nextInt(1 << 30)), text, near());
    }

    private float[] near() {
        float[] centre = centres[random.nextInt(CLUSTERS)];
        float[] vector = new float[DIMENSIONS];
        double sum = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = centre[i] + (float) (SPREAD * random.nextGaussian());
            sum += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (vector[i] / Math.sqrt(sum));
        }
        return vector;
    }

    private float[] gaussian() {
        float[] values = new float[DIMENSIONS];
        double sum = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            values[i] = (float) random.nextGaussian();
            sum += (double) values[i] * values[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            values[i] = (float) (values[i] / Math.sqrt(sum));
        }
        return values;
    }

    private static WeaviateSettings settings(WeaviateEngine engine, String prefix) {
        return new WeaviateSettings(
                engine.host(),
                engine.httpPort(),
                engine.host(),
                engine.grpcPort(),
                false,
                Secret.NONE,
                prefix,
                Duration.ofSeconds(60),
                3,
                WeaviateLoop.BATCH,
                32,
                128,
                -1,
                WeaviateSettings.Quantisation.NONE,
                1);
    }
}
