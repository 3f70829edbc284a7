package io.palimpsest.index.lucene;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // the folder is injected
final class LucenePassageIndexTest {
    @TempDir
    Path folder;

    @Test
    void graphAgreesWithExactComparison() {
        int dimensions = 48;
        Generation generation = Corpus.generation("big", dimensions);
        Random random = new Random(7);
        List<float[]> centres = Stream.generate(() -> Corpus.unit(random, dimensions))
                .limit(200)
                .toList();
        try (LucenePassageIndex index = new LucenePassageIndex(folder)) {
            index.createGeneration(generation);
            List<DocumentWrite> writes = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                writes.add(document(i, near(centres.get(i % centres.size()), random)));
            }
            index.apply(generation.id(), writes);
        }
        double found = 0;
        int queries = 50;
        List<List<ScoredPassage>> exact = new ArrayList<>();
        for (int limit : new int[] {Integer.MAX_VALUE, 0}) {
            try (LucenePassageIndex index =
                    new LucenePassageIndex(folder, new LuceneSettings(limit, FSDirectory::open))) {
                Random asked = new Random(11);
                for (int i = 0; i < queries; i++) {
                    float[] vector = near(centres.get(asked.nextInt(centres.size())), asked);
                    List<ScoredPassage> hits = index.search(generation.id(), PassageQuery.of(vector, null, 50, ALICE))
                            .vector();
                    assertThat(hits).hasSize(50);
                    if (limit > 0) {
                        exact.add(hits);
                    } else {
                        Set<ScoredPassage> both = new HashSet<>(hits);
                        both.retainAll(exact.get(i));
                        found += both.size() / 50.0;
                    }
                }
            }
        }
        assertThat(found / queries).isGreaterThanOrEqualTo(0.95);
    }

    private static DocumentWrite document(int number, float[] vector) {
        PassageEntry passage = new PassageEntry(Corpus.id("n" + number), "word" + number % 100, vector);
        return new DocumentWrite.Put(
                Corpus.key("n" + number), 1, Corpus.START, "", AccessList.PUBLIC, Map.of(), List.of(passage));
    }

    private static float[] near(float[] centre, Random random) {
        float[] moved = centre.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (random.nextGaussian() * 0.08);
        }
        return Corpus.normalised(moved);
    }

    /** A disk that can be full. */
    private static final class FullDisk extends FilterDirectory {
        private final AtomicBoolean full;

        FullDisk(Path path, AtomicBoolean full) throws IOException {
            super(FSDirectory.open(path));
            this.full = full;
        }

        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
            refuse();
            return super.createOutput(name, context);
        }

        @Override
        public void sync(java.util.Collection<String> names) throws IOException {
            refuse();
            super.sync(names);
        }

        private void refuse() throws IOException {
            if (full.get()) {
                throw new IOException("No space left on device");
            }
        }
    }

    @Test
    void fullDiskUndoesTheWriteAndLaterWritesWork() {
        AtomicBoolean full = new AtomicBoolean();
        LuceneSettings settings = new LuceneSettings(1000, path -> new FullDisk(path, full));
        AccessList alice = AccessList.of("user:alice");
        try (LucenePassageIndex index = new LucenePassageIndex(folder, settings)) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha", "beta")));
            full.set(true);
            List<DocumentWrite> lost = List.of(put("a", 2, alice, Map.of(), "gamma"), put("b", 1, "delta"));
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> index.apply(GENERATION.id(), lost))
                        .isInstanceOfSatisfying(
                                PalimpsestException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_WRITE_FAILED));
                assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 2, 0));
            }
            full.set(false);
            assertThat(index.apply(GENERATION.id(), lost).appliedCount()).isEqualTo(2);
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(2, 2, 2));
        }
        try (LucenePassageIndex index = new LucenePassageIndex(folder)) {
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(2, 2, 2));
            assertThat(index.document(GENERATION.id(), Corpus.key("a"), null)
                            .orElseThrow()
                            .access())
                    .isEqualTo(alice);
        }
    }

    @Test
    void damagedDirectoryIsNamedAndCanBeDropped() throws IOException {
        try (LucenePassageIndex index = new LucenePassageIndex(folder)) {
            index.createGeneration(GENERATION);
            index.createGeneration(Corpus.generation("g2", 4));
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
        }
        Path damaged = folder.resolve("acme/handbook/g1");
        try (Stream<Path> files = Files.list(damaged)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("segments_"))
                    .toList()) {
                Files.writeString(file, "no index");
            }
        }
        try (LucenePassageIndex index = new LucenePassageIndex(folder)) {
            assertThatThrownBy(() -> index.counts(GENERATION.id()))
                    .hasMessageContaining(damaged.toString())
                    .hasMessageContaining("delete")
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_CORRUPT));
            assertThat(index.counts(Corpus.generation("g2", 4).id()).liveDocuments())
                    .isZero();
            index.dropGeneration(GENERATION.id());
            index.createGeneration(GENERATION);
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(0, 0, 0));
        }
    }

    @Test
    void textIsNotStored() throws IOException {
        try (LucenePassageIndex index = new LucenePassageIndex(folder)) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "palimpsests never forget anything")));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("never forget");
            }
        }
    }
}
