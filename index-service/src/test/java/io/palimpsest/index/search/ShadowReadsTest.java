package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.generation.BuildProgress;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class ShadowReadsTest {
    @TempDir
    private Path folder;

    private final Corpus corpus = new Corpus();
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(TestDatabases.files(folder).fresh());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static GenerationRow row(GenerationState state, double share) {
        GenerationId id = new GenerationId("candidate");
        return new GenerationRow(
                id,
                new ModelId("m"),
                new Generation(id, Corpus.COLLECTION, new ModelId("m"), new PassagePolicyId("p"), 8),
                GenerationRow.Origin.BUILT,
                state,
                true,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                BuildProgress.NONE,
                null,
                share);
    }

    /** Hits of a search for the words, told to have taken 10 ms. */
    private Retrieval found(String words) {
        Retrieval found = corpus.search()
                .retrieve(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of(words), SearchTarget.LIVE);
        return new Retrieval(
                found.queryId(),
                found.hits().subList(0, 1),
                found.generation(),
                found.model(),
                Duration.ZERO,
                Map.of("total", 10.0),
                List.of());
    }

    @Test
    void overlapTimesAndFailuresAreKeptAndNothingElse() throws Exception {
        corpus.add("urn:1", "alpha");
        corpus.add("urn:2", "omega");
        Retrieval alpha = found("alpha");
        Retrieval omega = found("omega");
        ShadowReads shadows =
                new ShadowReads(database.sql(), () -> List.of(row(GenerationState.READY, 1)), 10, corpus.telemetry);
        shadows.offer(new ShadowQuery(Corpus.COLLECTION, alpha, serving -> alpha));
        shadows.offer(new ShadowQuery(Corpus.COLLECTION, alpha, serving -> omega));
        shadows.offer(new ShadowQuery(Corpus.COLLECTION, alpha, serving -> {
            throw new IllegalStateException("no model");
        }));
        awaitReads(shadows, 2);
        shadows.close();
        ShadowReads.Numbers numbers = shadows.numbers(new GenerationId("candidate"));
        assertThat(numbers.queries()).isEqualTo(2);
        assertThat(numbers.failed()).isEqualTo(1);
        assertThat(numbers.overlapAt10()).isCloseTo(0.5, within(1e-9));
        assertThat(numbers.liveMeanMillis()).isCloseTo(10, within(1e-6));
        assertThat(corpus.telemetry.scrape())
                .contains("palimpsest_shadow_reads_queries_total{outcome=\"compared\"} 2.0")
                .contains("palimpsest_shadow_reads_queries_total{outcome=\"failed\"} 1.0")
                .contains("palimpsest_shadow_overlap_queries_total 1.0")
                .contains("palimpsest_shadow_seconds_count{side=\"live\"} 2");
    }

    @Test
    void whatItCannotKeepUpWithIsLostAndCountedAndNobodyWaits() throws Exception {
        corpus.add("urn:1", "alpha");
        Retrieval alpha = found("alpha");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (ShadowReads shadows =
                new ShadowReads(database.sql(), () -> List.of(row(GenerationState.READY, 1)), 1, corpus.telemetry)) {
            shadows.offer(new ShadowQuery(Corpus.COLLECTION, alpha, serving -> {
                begun.countDown();
                await(blocked);
                return alpha;
            }));
            begun.await();
            for (int i = 0; i < 3; i++) {
                shadows.offer(new ShadowQuery(Corpus.COLLECTION, alpha, serving -> alpha));
            }
            blocked.countDown();
            awaitReads(shadows, 2);
            assertThat(shadows.numbers(new GenerationId("candidate")).lost()).isEqualTo(2);
        }
    }

    @Test
    void withoutAShareOrWhileLiveNothingIsAsked() throws Exception {
        corpus.add("urn:1", "alpha");
        Retrieval alpha = found("alpha");
        for (GenerationRow row : List.of(row(GenerationState.READY, 0), row(GenerationState.LIVE, 1))) {
            ShadowReads shadows = new ShadowReads(database.sql(), () -> List.of(row), 1, corpus.telemetry);
            shadows.offer(new ShadowQuery(Corpus.COLLECTION, alpha, serving -> alpha));
            shadows.close();
            assertThat(shadows.numbers(row.id()).queries()).isZero();
        }
    }

    private static void awaitReads(ShadowReads shadows, long queries) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (shadows.numbers(new GenerationId("candidate")).queries() < queries && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
