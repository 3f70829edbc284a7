package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.GENERATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import io.palimpsest.platform.config.WeaviateSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 2 on a real server: any order of writes, and two processes that write the same documents. */
final class WeaviateHistoriesIT {
    private static final int DOCUMENTS = 4;
    private static final int VERSIONS = 6;
    private final WeaviateSettings settings = TestWeaviate.settings();

    @AfterEach
    void dropGenerations() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.generations().forEach(generation -> index.dropGeneration(generation.id()));
        }
    }

    private static List<DocumentWrite> history(Random random) {
        List<DocumentWrite> writes = new ArrayList<>();
        for (int document = 0; document < DOCUMENTS; document++) {
            for (int version = 1; version <= VERSIONS; version++) {
                String id = "d" + document;
                if (random.nextInt(5) == 0) {
                    writes.add(Corpus.delete(id, version));
                } else {
                    String[] texts = random.ints(6, 0, 8)
                            .distinct()
                            .mapToObj(i -> "text " + i)
                            .toArray(String[]::new);
                    writes.add(Corpus.put(id, version, texts));
                }
            }
        }
        return writes;
    }

    private static List<List<DocumentWrite>> delivered(List<DocumentWrite> history, Random random) {
        List<DocumentWrite> all = new ArrayList<>(history);
        all.addAll(history.stream().filter(write -> random.nextInt(3) == 0).toList());
        Collections.shuffle(all, random);
        List<List<DocumentWrite>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(all.size(), from + 1 + random.nextInt(5));
            batches.add(List.copyOf(all.subList(from, to)));
            from = to;
        }
        return batches;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyOrderOfWritesShowsWhatThePlainestIndexShowsAtAllTimes(long seed) {
        Random random = new Random(seed);
        try (PassageIndex server = new WeaviatePassageIndex(settings);
                PassageIndex plain = new InMemoryPassageIndex()) {
            server.createGeneration(GENERATION);
            plain.createGeneration(GENERATION);
            for (List<DocumentWrite> batch : delivered(history(random), random)) {
                assertThat(server.apply(GENERATION.id(), batch)).isEqualTo(plain.apply(GENERATION.id(), batch));
            }
            assertThat(server.counts(GENERATION.id())).isEqualTo(plain.counts(GENERATION.id()));
            assertThat(server.digests(GENERATION.id(), null, 100)).isEqualTo(plain.digests(GENERATION.id(), null, 100));
            for (int day = 0; day <= VERSIONS; day++) {
                assertSame(server, plain, Corpus.day(day));
            }
        }
    }

    private static void assertSame(PassageIndex server, PassageIndex plain, Instant moment) {
        for (int document = 0; document < DOCUMENTS; document++) {
            assertThat(server.document(GENERATION.id(), Corpus.key("d" + document), moment))
                    .isEqualTo(plain.document(GENERATION.id(), Corpus.key("d" + document), moment));
        }
        PassageQuery query = PassageQuery.of(Corpus.vector("text 1"), null, 100, Corpus.ALICE)
                .withAsOf(moment);
        assertThat(server.search(GENERATION.id(), query).vector())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("score")
                .containsExactlyInAnyOrderElementsOf(
                        plain.search(GENERATION.id(), query).vector());
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void twoProcessesThatWriteTheSameDocumentsEndInTheHighestVersions(long seed) {
        Random random = new Random(seed);
        List<DocumentWrite> history = history(random);
        Map<String, DocumentWrite> newest = new HashMap<>();
        history.forEach(
                write -> newest.merge(write.key().toString(), write, (a, b) -> a.version() > b.version() ? a : b));
        try (PassageIndex one = new WeaviatePassageIndex(settings);
                PassageIndex other = new WeaviatePassageIndex(settings);
                PassageIndex plain = new InMemoryPassageIndex()) {
            one.createGeneration(GENERATION);
            plain.createGeneration(GENERATION);
            plain.apply(GENERATION.id(), List.copyOf(newest.values()));
            List<List<DocumentWrite>> some = delivered(history, random);
            List<List<DocumentWrite>> more = delivered(history, random);
            CompletableFuture<Void> beside =
                    CompletableFuture.runAsync(() -> some.forEach(batch -> one.apply(GENERATION.id(), batch)));
            more.forEach(batch -> other.apply(GENERATION.id(), batch));
            beside.join();
            for (PassageIndex index : List.of(one, other)) {
                assertThat(index.digests(GENERATION.id(), null, 100))
                        .isEqualTo(plain.digests(GENERATION.id(), null, 100));
                assertThat(index.counts(GENERATION.id()).livePassages())
                        .isEqualTo(plain.counts(GENERATION.id()).livePassages());
                PassageQuery query = PassageQuery.of(Corpus.vector("text 1"), "text", 100, Corpus.ALICE);
                assertThat(index.search(GENERATION.id(), query).vector())
                        .extracting(ScoredPassage::document, ScoredPassage::passage, ScoredPassage::version)
                        .containsExactlyInAnyOrderElementsOf(plain.search(GENERATION.id(), query).vector().stream()
                                .map(hit -> org.assertj.core.groups.Tuple.tuple(
                                        hit.document(), hit.passage(), hit.version()))
                                .toList());
                assertThat(index.search(GENERATION.id(), query).keyword())
                        .hasSameSizeAs(plain.search(GENERATION.id(), query).keyword());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void whatAnyProcessHasWrittenOrErasedAllOthersShowFromThenOn(long seed) {
        Random random = new Random(seed);
        try (PassageIndex one = new WeaviatePassageIndex(settings);
                PassageIndex other = new WeaviatePassageIndex(settings);
                PassageIndex plain = new InMemoryPassageIndex()) {
            one.createGeneration(GENERATION);
            plain.createGeneration(GENERATION);
            for (List<DocumentWrite> batch : delivered(history(random), random)) {
                PassageIndex writer = random.nextBoolean() ? one : other;
                if (random.nextInt(4) == 0) {
                    DocumentKey erased = batch.getFirst().key();
                    writer.erase(GENERATION.id(), erased);
                    plain.erase(GENERATION.id(), erased);
                } else {
                    writer.apply(GENERATION.id(), batch);
                    plain.apply(GENERATION.id(), batch);
                }
                for (PassageIndex reader : List.of(one, other)) {
                    assertThat(shown(reader)).isEqualTo(shown(plain));
                    assertThat(shown(reader)).as("the same again").isEqualTo(shown(plain));
                }
            }
        }
    }

    private static Set<List<Object>> shown(PassageIndex index) {
        LegHits legs =
                index.search(GENERATION.id(), PassageQuery.of(Corpus.vector("text 1"), "text", 100, Corpus.ALICE));
        return Stream.concat(legs.vector().stream(), legs.keyword().stream())
                .map(hit -> List.<Object>of(hit.document(), hit.passage(), hit.version()))
                .collect(Collectors.toSet());
    }
}
