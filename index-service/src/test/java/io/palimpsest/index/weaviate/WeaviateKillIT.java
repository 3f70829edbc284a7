package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.key;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.IndexWear;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KillableWeaviate;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Laws 3 and 4 while the server's process is killed in the middle of batches, and writes go on. */
@NeedsEngine(EngineKind.WEAVIATE)
final class WeaviateKillIT {
    /** Set to more where the server or the client has changed: one in ten of them showed what is prevented here. */
    private static final int KILLS = Integer.getInteger("palimpsest.weaviate.kills", 4);

    private static final int DOCUMENTS = 100;
    private static final int BATCH = 20;
    private static final int PASSAGES = 12;
    /** The server also flushes by itself, now and then: on a busy machine before it is killed, all of a batch or most of it. */
    private static final int ATTEMPTS = 4;

    private static final double MUCH_IS_LOST = 0.9;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final AtomicLongArray acknowledged = new AtomicLongArray(DOCUMENTS);
    private final AtomicBoolean stopped = new AtomicBoolean();

    private static String[] texts(int document, long version) {
        return IntStream.range(0, PASSAGES)
                .mapToObj(i -> "d" + document + " p" + i + " v" + (i < PASSAGES / 2 ? version : version / 3))
                .toArray(String[]::new);
    }

    @Test
    void everyLegShowsWholeDocumentsAfterEveryKillAndNothingAcknowledgedIsLost() throws IOException {
        Random random = new Random(seed);
        try (KillableWeaviate server = new KillableWeaviate(Map.of());
                PassageIndex index = new WeaviatePassageIndex(TestWeaviate.settings(server))) {
            index.createGeneration(GENERATION);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(index));
            for (int kill = 0; kill < KILLS; kill++) {
                pause(500 + random.nextInt(2_000));
                server.kill();
                server.startAgain();
                assertWhole(index, kill);
            }
            stopped.set(true);
            writer.join();
            assertWhole(index, KILLS);
        }
    }

    /** What {@link PassageStore#flush} is for, and what {@link Canary} is for: without the one, the other notices. */
    @Test
    void vectorsOfAnAnsweredBatchThatWasNotFlushedAreLostByAKillAndTheCanaryNotices() throws IOException {
        try (KillableWeaviate server = new KillableWeaviate(Map.of())) {
            WeaviateSettings settings = TestWeaviate.settings(server);
            Shelf shelf = new Shelf(settings.prefix(), GENERATION);
            try (PassageIndex index = new WeaviatePassageIndex(settings);
                    Engine engine = new Engine(Connection.open(settings))) {
                index.createGeneration(GENERATION);
                index.apply(GENERATION.id(), List.of(put("a", 1, texts(1, 1))));
                Canary canary = new Canary(engine.reads(), shelf.passages());
                assertThat(canary.recall()).isEqualTo(1);
                double recall = 1;
                for (int attempt = 1; attempt <= ATTEMPTS && recall > MUCH_IS_LOST; attempt++) {
                    engine.writes().insert(shelf.passages(), unflushed(attempt));
                    server.kill();
                    server.startAgain();
                    recall = patiently(canary::recall);
                }
                assertThat(recall).isBetween(0.2, MUCH_IS_LOST);
                assertThat(patiently(() -> index.wear(GENERATION.id())).map(IndexWear::recall))
                        .hasValueSatisfying(worn -> assertThat(worn).isLessThan(1));
            }
        }
    }

    private static List<Item> unflushed(int attempt) {
        return IntStream.range(0, PASSAGES)
                .mapToObj(i -> new Item(
                        ObjectIds.catalog("test", "p" + i + "/" + attempt),
                        Map.of(Fields.VALID_TO, Fields.LIVE),
                        vector("unflushed " + i + " " + attempt),
                        0))
                .toList();
    }

    /** The moment of the kill is what the test is about; nothing is waited for. */
    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As the indexer does: the same batch again until it works. */
    private void write(PassageIndex index) {
        Random random = new Random(seed + 1);
        for (long version = 1; !stopped.get(); version++) {
            int from = random.nextInt(DOCUMENTS / BATCH) * BATCH;
            List<DocumentWrite> batch = new ArrayList<>();
            for (int document = from; document < from + BATCH; document++) {
                batch.add(put("d" + document, version, texts(document, version)));
            }
            patiently(() -> index.apply(GENERATION.id(), batch));
            for (int document = from; document < from + BATCH; document++) {
                acknowledged.set(document, version);
            }
        }
    }

    private void assertWhole(PassageIndex index, int kill) {
        for (int i = 0; i < DOCUMENTS; i++) {
            int document = i;
            long least = acknowledged.get(document);
            Optional<IndexedDocument> known =
                    patiently(() -> index.document(GENERATION.id(), key("d" + document), null));
            assertThat(known.map(IndexedDocument::version).orElse(0L))
                    .as("version of d%d after kill %d, seed %d", document, kill, seed)
                    .isGreaterThanOrEqualTo(least);
            PassageQuery query = PassageQuery.of(vector("any"), "d" + document, 100, ALICE)
                    .withDocuments(Set.of(key("d" + document).document()));
            LegHits hits = patiently(() -> index.search(GENERATION.id(), query));
            if (known.isPresent()) {
                String what = "d" + document + " after kill " + kill + ", seed " + seed;
                assertOneWhole(hits.vector(), what + ", vector leg");
                assertOneWhole(hits.keyword(), what + ", keyword leg");
            }
        }
    }

    private static void assertOneWhole(List<ScoredPassage> hits, String what) {
        assertThat(hits).as(what).hasSize(PASSAGES);
        assertThat(hits.stream().map(ScoredPassage::version).distinct())
                .as(what)
                .hasSize(1);
    }

    private static <T> T patiently(Supplier<T> request) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return request.get();
            } catch (PalimpsestException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }
}
