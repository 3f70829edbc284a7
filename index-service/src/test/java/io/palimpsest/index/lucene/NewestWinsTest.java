package io.palimpsest.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.index.passages.ApplyResult.Applied;
import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

/** Law 2: whatever the order and however often, the highest version is what is left; and the fake agrees all along. */
final class NewestWinsTest {
    private static final int DOCUMENTS = 4;
    private static final int VERSIONS = 6;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void anyOrderOfWritesEndsInTheHighestVersions(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<DocumentWrite> history = history(random);
        List<DocumentWrite> delivered = new ArrayList<>(history);
        delivered.addAll(history.stream().filter(w -> random.nextInt(3) == 0).toList());
        Collections.shuffle(delivered, random);
        Path folder = Files.createTempDirectory("newest-wins");
        Directory directory = new ByteBuffersDirectory();
        LuceneSettings settings = new LuceneSettings(1000, path -> new Unclosed(directory));
        try (PassageIndex lucene = new LucenePassageIndex(folder, settings);
                PassageIndex fake = new InMemoryPassageIndex();
                PassageIndex scratch = new InMemoryPassageIndex()) {
            for (PassageIndex index : List.of(lucene, fake, scratch)) {
                index.createGeneration(Corpus.GENERATION);
            }
            for (int from = 0; from < delivered.size(); ) {
                int to = Math.min(delivered.size(), from + 1 + random.nextInt(5));
                List<DocumentWrite> batch = delivered.subList(from, to);
                assertThat(lucene.apply(Corpus.GENERATION.id(), batch))
                        .isEqualTo(fake.apply(Corpus.GENERATION.id(), batch));
                from = to;
            }
            Map<String, DocumentWrite> newest = new HashMap<>();
            history.forEach(w -> newest.merge(w.key().toString(), w, (a, b) -> a.version() > b.version() ? a : b));
            assertThat(scratch.apply(Corpus.GENERATION.id(), List.copyOf(newest.values()))
                            .outcomes())
                    .allMatch(Applied.class::isInstance);
            assertThat(lucene.digests(Corpus.GENERATION.id(), null, 100))
                    .isEqualTo(scratch.digests(Corpus.GENERATION.id(), null, 100));
            assertSameAtAllTimes(lucene, fake);
            lucene.dropGeneration(Corpus.GENERATION.id());
        } finally {
            FolderTree.delete(folder);
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

    private static void assertSameAtAllTimes(PassageIndex lucene, PassageIndex fake) {
        assertThat(lucene.counts(Corpus.GENERATION.id())).isEqualTo(fake.counts(Corpus.GENERATION.id()));
        List<Instant> moments = new ArrayList<>();
        for (int day = 0; day <= VERSIONS; day++) {
            moments.add(Corpus.day(day));
        }
        for (Instant moment : moments) {
            for (int document = 0; document < DOCUMENTS; document++) {
                assertThat(lucene.document(Corpus.GENERATION.id(), Corpus.key("d" + document), moment))
                        .isEqualTo(fake.document(Corpus.GENERATION.id(), Corpus.key("d" + document), moment));
            }
            PassageQuery query = PassageQuery.of(Corpus.vector("text 1"), null, 100, Corpus.ALICE)
                    .withAsOf(moment);
            assertThat(lucene.search(Corpus.GENERATION.id(), query).vector())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("score")
                    .containsExactlyInAnyOrderElementsOf(
                            fake.search(Corpus.GENERATION.id(), query).vector());
        }
    }

    /** Kept in memory from the creation of the generation to its use. */
    private static final class Unclosed extends org.apache.lucene.store.FilterDirectory {
        Unclosed(Directory in) {
            super(in);
        }

        @Override
        public void close() {}
    }
}
