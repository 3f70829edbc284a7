package io.palimpsest.index.lucene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Law 13 for the files of an index: after an erasure no byte of the text, and none of the id, is in any of them. */
final class ErasedFilesTest {
    private static final CollectionKey COLLECTION = CollectionKey.of("local", "default");
    private static final Generation GENERATION =
            new Generation(new GenerationId("g1"), COLLECTION, new ModelId("m"), new PassagePolicyId("p"), 4);
    private static final DocumentKey SECRET = DocumentKey.of(COLLECTION, "urn:secret:alpha");

    @Property(tries = 25)
    void noFileHasTheTextOrTheIdWhateverWasWrittenInWhichBatches(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("erased-files");
        try {
            leavesNothing(folder, new Random(seed));
        } finally {
            FolderTree.delete(folder);
        }
    }

    private static void leavesNothing(Path folder, Random random) throws IOException {
        long version = 0;
        try (LucenePassageIndex index = new LucenePassageIndex(folder)) {
            index.createGeneration(GENERATION);
            for (int batch = 0; batch < 1 + random.nextInt(15); batch++) {
                List<DocumentWrite> writes = new ArrayList<>();
                for (int write = 0; write < 1 + random.nextInt(4); write++) {
                    version++;
                    writes.add(
                            random.nextInt(3) == 0
                                    ? new DocumentWrite.Delete(SECRET, version, Instant.ofEpochMilli(version))
                                    : random.nextBoolean()
                                            ? put(SECRET, version, "zanzibarquux in " + version)
                                            : put(
                                                    DocumentKey.of(COLLECTION, "urn:kept:" + random.nextInt(5)),
                                                    version,
                                                    "eels in " + version));
                }
                index.apply(GENERATION.id(), writes);
            }
            index.apply(GENERATION.id(), List.of(put(DocumentKey.of(COLLECTION, "urn:kept:at last"), 1, "eels")));

            index.erase(GENERATION.id(), SECRET);

            assertThat(index.traces(GENERATION.id(), SECRET)).isZero();
            assertThat(filesWith(folder, "zanzibarquux")).isEmpty();
            assertThat(filesWith(folder, "urn:secret:alpha")).isEmpty();
            assertThat(index.termFrequency(GENERATION.id(), "eels")).isPositive();
        }
        assertThat(filesWith(folder, "zanzibarquux")).isEmpty();
        assertThat(filesWith(folder, "eels")).isNotEmpty();
    }

    private static DocumentWrite put(DocumentKey document, long version, String text) {
        PassageEntry passage = new PassageEntry(
                new PassageId(ContentHash.ofText(text).value().substring(0, 32)), text, new float[] {1, 0, 0, 0});
        return new DocumentWrite.Put(
                document,
                version,
                Instant.ofEpochMilli(version),
                "reference",
                new AccessList(Set.of("*")),
                Map.of(),
                List.of(passage));
    }

    private static List<Path> filesWith(Path folder, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), ISO_8859_1).contains(text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
