package io.palimpsest.index.weaviate;

import io.palimpsest.index.indexer.RolloutLaws;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.config.WeaviateSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generations of a real server: built, swapped and rolled back while changes arrive, with kills in between. */
final class WeaviateRolloutIT {
    private static final int ACTS = 40;
    private final WeaviateSettings settings = TestWeaviate.settings();

    @AfterEach
    void dropGenerations() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.generations().forEach(generation -> index.dropGeneration(generation.id()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void lawsHoldAtEveryMoment(long seed, @TempDir Path folder) {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            RolloutLaws.play(index, folder, seed, ACTS);
        }
    }
}
