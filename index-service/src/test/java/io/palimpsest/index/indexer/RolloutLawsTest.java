package io.palimpsest.index.indexer;

import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link RolloutLaws} in this process. */
final class RolloutLawsTest {
    private static final int ACTS = 80;

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void lawsHoldAtEveryMomentOnLucene(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("rollout");
        try (PassageIndex index = new LucenePassageIndex(folder.resolve("index"))) {
            RolloutLaws.play(index, folder, seed, ACTS);
        } finally {
            FolderTree.delete(folder);
        }
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void lawsHoldAtEveryMomentInMemory(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("rollout");
        try (PassageIndex index = new InMemoryPassageIndex()) {
            RolloutLaws.play(index, folder, seed, ACTS);
        } finally {
            FolderTree.delete(folder);
        }
    }
}
