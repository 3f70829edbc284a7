package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.delete;
import static io.palimpsest.index.passages.Corpus.id;
import static io.palimpsest.index.passages.Corpus.key;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.ApplyResult.Applied;
import io.palimpsest.index.passages.ApplyResult.Ignored;
import io.palimpsest.index.passages.ApplyResult.Outcome;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.config.WeaviateSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WeaviateFaultsIT {
    private static final int CUT_STEP = 600;
    private final WeaviateSettings settings = TestWeaviate.settings();
    private final Rest rest = new Rest(settings);

    @AfterEach
    void dropGenerations() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.generations().forEach(generation -> index.dropGeneration(generation.id()));
        }
    }

    private static WeaviateSettings through(WeaviateSettings to, int httpPort, int grpcPort, Duration timeout) {
        return new WeaviateSettings(
                "127.0.0.1",
                httpPort,
                "127.0.0.1",
                grpcPort,
                false,
                Secret.NONE,
                to.prefix(),
                timeout,
                2,
                4,
                to.maxConnections(),
                to.efConstruction(),
                to.ef(),
                to.quantisation(),
                1);
    }

    private static Set<PassageId> visible(PassageIndex index, String document) {
        PassageQuery query = PassageQuery.of(vector("a0"), null, 100, ALICE)
                .withDocuments(Set.of(key(document).document()));
        return index.search(GENERATION.id(), query).vector().stream()
                .map(ScoredPassage::passage)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<PassageId> ids(String... texts) {
        Set<PassageId> ids = new TreeSet<>();
        for (String text : texts) {
            ids.add(id(text));
        }
        return ids;
    }

    /** Law 4, wherever the connection breaks: each time the old whole is seen or the new one, by another process too. */
    @Test
    void cutAnywhereABatchIsWholeOrAbsentAndWritingItAgainCompletesIt() throws IOException {
        try (PassageIndex direct = new WeaviatePassageIndex(settings);
                CutProxy proxy = new CutProxy(settings.grpcHost(), settings.grpcPort());
                PassageIndex index = new WeaviatePassageIndex(
                        through(settings, settings.httpPort(), proxy.port(), Duration.ofSeconds(5)))) {
            direct.createGeneration(GENERATION);
            index.counts(GENERATION.id());
            int round = 0;
            for (int bytes = CUT_STEP; cutAfter(bytes, round, direct, index, proxy); bytes += CUT_STEP) {
                round++;
            }
            assertThat(round).isGreaterThan(8);
            assertThat(direct.counts(GENERATION.id()))
                    .isEqualTo(new IndexCounts(2 * round + 2, 9 * round + 9, 6 * round + 6));
        }
    }

    /** @return whether it was cut before the end */
    private static boolean cutAfter(int bytes, int round, PassageIndex direct, PassageIndex index, CutProxy proxy) {
        String[] before = {"a0", "a1", "a2", "a3", "kept"};
        String[] after = {"kept", "b0", "b1", "b2", "b3", "b4"};
        String old = "old" + round;
        String fresh = "new" + round;
        String gone = "gone" + round;
        List<DocumentWrite> batch = List.of(put(old, 2, after), put(fresh, 1, "n0", "n1", "n2"), delete(gone, 2));
        direct.apply(GENERATION.id(), List.of(put(old, 1, before), put(gone, 1, "g0", "g1")));
        proxy.cutAfter(bytes);
        boolean cut = fails(index, batch);
        boolean done = visible(direct, old).equals(ids(after));
        assertThat(visible(direct, old)).isEqualTo(ids(done ? after : before));
        assertThat(visible(direct, fresh)).isEqualTo(done ? ids("n0", "n1", "n2") : Set.of());
        assertThat(visible(direct, gone)).isEqualTo(done ? Set.of() : ids("g0", "g1"));
        proxy.heal();
        assertThat(again(index, batch))
                .allMatch(outcome -> done
                        ? outcome instanceof Ignored ignored && ignored.version() == ignored.currentVersion()
                        : outcome instanceof Applied);
        assertThat(visible(direct, old)).isEqualTo(ids(after));
        assertThat(visible(direct, gone)).isEmpty();
        return cut;
    }

    /** As the indexer does: until it works. */
    private static List<Outcome> again(PassageIndex index, List<DocumentWrite> batch) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                return index.apply(GENERATION.id(), batch).outcomes();
            } catch (PalimpsestException e) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }

    private static boolean fails(PassageIndex index, List<DocumentWrite> batch) {
        try {
            index.apply(GENERATION.id(), batch);
            return false;
        } catch (PalimpsestException e) {
            assertThat(e.code()).as(e.getMessage()).isIn(ErrorCode.INDEX_UNAVAILABLE, ErrorCode.INDEX_OUTCOME_UNKNOWN);
            return true;
        }
    }

    @Test
    void slowServerIsNamedWithWhatToDo() throws IOException {
        try (CutProxy proxy = new CutProxy(settings.grpcHost(), settings.grpcPort());
                PassageIndex index = new WeaviatePassageIndex(
                        through(settings, settings.httpPort(), proxy.port(), Duration.ofSeconds(1)))) {
            index.createGeneration(GENERATION);
            proxy.stall();
            assertThatThrownBy(() -> index.apply(GENERATION.id(), List.of(put("a", 1, "alpha"))))
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining("index.weaviate.timeout")
                    .satisfies(
                            e -> assertThat(((PalimpsestException) e).code()).isEqualTo(ErrorCode.INDEX_UNAVAILABLE));
            proxy.heal();
        }
    }

    @Test
    void readOnlyServerIsNamedAndTheWriteWorksWhenItTakesWritesAgain() throws Exception {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
            String passages =
                    new Shelf(settings.prefix(), GENERATION).passages().collection();
            shards(passages, "READONLY");
            assertThatThrownBy(() -> index.apply(GENERATION.id(), List.of(put("a", 2, "beta"))))
                    .hasMessageContaining("read-only")
                    .hasMessageContaining("somebody has set its shards")
                    .hasMessageContaining(settings.host() + ":" + settings.httpPort())
                    .satisfies(
                            e -> assertThat(((PalimpsestException) e).code()).isEqualTo(ErrorCode.INDEX_WRITE_FAILED));
            assertThat(visible(index, "a")).isEqualTo(ids("alpha"));
            shards(passages, "READY");
            assertThat(index.apply(GENERATION.id(), List.of(put("a", 2, "beta")))
                            .appliedCount())
                    .isEqualTo(1);
            assertThat(visible(index, "a")).isEqualTo(ids("beta"));
        }
    }

    private void shards(String collection, String status) throws Exception {
        String tenant = GENERATION.collection().tenant().value();
        rest.send("PUT", "/v1/schema/" + collection + "/shards/" + tenant, "{\"status\":\"" + status + "\"}");
    }

    @Test
    void collectionOfAnotherShapeIsNamedWithWhatToDo() throws Exception {
        WeaviateSettings other = TestWeaviate.settings();
        rest.send(
                "POST",
                "/v1/schema",
                "{\"class\":\"" + other.prefix() + "_Catalog\",\"properties\":[{\"name\":\"kind\","
                        + "\"dataType\":[\"int\"]}]}");
        assertThatThrownBy(() -> new WeaviatePassageIndex(other))
                .hasMessageContaining(other.prefix() + "_Catalog")
                .hasMessageContaining("index.weaviate.prefix")
                .satisfies(e -> assertThat(((PalimpsestException) e).code()).isEqualTo(ErrorCode.INDEX_REFUSED));
        rest.send("DELETE", "/v1/schema/" + other.prefix() + "_Catalog", "");
    }

    @Test
    void lostCollectionGivesAnotherIncarnation() throws Exception {
        String first;
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            first = index.incarnation();
            index.createGeneration(GENERATION);
        }
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            assertThat(index.incarnation()).isEqualTo(first);
        }
        rest.send(
                "DELETE",
                "/v1/schema/"
                        + new Shelf(settings.prefix(), GENERATION).revisions().collection(),
                "");
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            assertThat(index.incarnation()).isNotEqualTo(first);
            assertThat(index.generations()).isEmpty();
            index.createGeneration(GENERATION);
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(0, 0, 0));
        }
    }

    @Test
    void purgeGoesOnUntilNothingIsLeft() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
            String[] many = IntStream.range(0, 1_200).mapToObj(i -> "text " + i).toArray(String[]::new);
            index.apply(GENERATION.id(), List.of(put("a", 1, many)));
            index.apply(GENERATION.id(), List.of(put("a", 2, "one")));
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 1, 1_200));
            assertThat(index.purgeHistory(GENERATION.id(), put("a", 2).at())).isEqualTo(1_200);
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 1, 0));
            assertThat(index.similarTerms(GENERATION.id(), "texts", 3)).isEmpty();
        }
    }
}
