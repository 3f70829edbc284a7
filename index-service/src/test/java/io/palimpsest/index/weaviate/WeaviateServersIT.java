package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.delete;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KillableWeaviate;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers that are set up in a way of their own, or stop answering. */
@NeedsEngine(EngineKind.WEAVIATE)
final class WeaviateServersIT {
    private static final Path SCRIPT = Path.of("").toAbsolutePath().resolveSibling("infra/deploy/weaviate/run");
    /** It would have been started again some times, were room not asked for. */
    private static final long FULL_MILLIS = 5_000;

    private static final PassageQuery QUERY = PassageQuery.of(vector("alpha"), "alpha", 10, ALICE);

    @Test
    void serverThatIndexesLaterIsRefusedWithWhatToDo() throws IOException {
        try (KillableWeaviate server = new KillableWeaviate(Map.of("ASYNC_INDEXING", "true"))) {
            WeaviateSettings settings = TestWeaviate.settings(server);
            assertThatThrownBy(() -> new WeaviatePassageIndex(settings))
                    .hasMessageContaining("127.0.0.1:" + settings.httpPort())
                    .hasMessageContaining("ASYNC_INDEXING=false")
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED));
        }
    }

    @Test
    void serverThatGivesLessThanIsAskedForIsRefusedWithWhatToDo() throws IOException {
        try (KillableWeaviate server = new KillableWeaviate(Map.of("QUERY_MAXIMUM_RESULTS", "1000"))) {
            WeaviateSettings settings = TestWeaviate.settings(server);
            assertThatThrownBy(() -> new WeaviatePassageIndex(settings).close())
                    .hasMessageContaining("127.0.0.1:" + settings.httpPort())
                    .hasMessageContaining("QUERY_MAXIMUM_RESULTS=10000")
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED));
        }
    }

    @Test
    void fullDiskIsNamedWithWhatToDoAndWhatIsIndexedIsStillFound() throws Exception {
        try (KillableWeaviate server = KillableWeaviate.withSmallDisk(Map.of("DISK_USE_READONLY_PERCENTAGE", "80"));
                PassageIndex index = new WeaviatePassageIndex(TestWeaviate.settings(server))) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
            server.fillDisk();
            writeUntilFull(index, 2);
            assertThat(index.search(GENERATION.id(), QUERY).vector())
                    .extracting(ScoredPassage::document)
                    .contains(Corpus.key("a"));
        }
    }

    @Test
    void writingGoesOnByItselfOnceTheDiskHasRoomAgainAndTheServerStillWatchesIt() throws Exception {
        Map<String, String> environment = Map.of("DISK_USE_READONLY_PERCENTAGE", "80", "WEAVIATE_LOOK_SECONDS", "1");
        try (KillableWeaviate server = KillableWeaviate.withSmallDisk(environment, SCRIPT);
                PassageIndex index = new WeaviatePassageIndex(TestWeaviate.settings(server))) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
            server.fillDisk();
            writeUntilFull(index, 2);
            Thread.sleep(FULL_MILLIS);
            assertThatThrownBy(() -> index.apply(GENERATION.id(), List.of(put("a", 2_000, "alpha"))))
                    .as("it is not started again while the disk is full")
                    .hasMessageContaining("read-only");
            server.emptyDisk();
            write(index, 3_000);
            assertThat(index.document(GENERATION.id(), Corpus.key("a"), null))
                    .hasValueSatisfying(
                            document -> assertThat(document.version()).isEqualTo(3_000));
            server.fillDisk();
            writeUntilFull(index, 4_000);
        }
    }

    /** It looks at the disk twice a second. */
    private static void writeUntilFull(PassageIndex index, int from) {
        assertThatThrownBy(() -> {
                    for (int version = from; version < from + 1_000; version++) {
                        index.apply(GENERATION.id(), List.of(put("b" + version, version, "beta")));
                    }
                })
                .hasMessageContaining("read-only")
                .hasMessageContaining("disk was full")
                .hasMessageContaining("make room")
                .hasMessageContaining("127.0.0.1")
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_WRITE_FAILED));
    }

    @Test
    void pausedAndStoppedServerIsUnavailableAndTheSameIndexWorksWhenItIsBack() throws IOException {
        try (KillableWeaviate server = new KillableWeaviate(Map.of());
                PassageIndex index = new WeaviatePassageIndex(TestWeaviate.impatient(TestWeaviate.settings(server)))) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
            server.pause();
            assertUnavailable(() -> index.search(GENERATION.id(), QUERY));
            assertUnavailable(() -> index.apply(GENERATION.id(), List.of(put("a", 2, "alpha"))));
            server.goOn();
            write(index, 3);
            server.kill();
            assertUnavailable(() -> index.apply(GENERATION.id(), List.of(delete("a", 4))));
            server.startAgain();
            write(index, 5);
            assertThat(index.search(GENERATION.id(), QUERY).vector()).hasSize(1);
        }
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining("Weaviate")
                .hasMessageContaining("127.0.0.1")
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_UNAVAILABLE));
    }

    private static void write(PassageIndex index, long version) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (true) {
            try {
                index.apply(GENERATION.id(), List.of(put("a", version, "alpha")));
                return;
            } catch (PalimpsestException e) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }
}
