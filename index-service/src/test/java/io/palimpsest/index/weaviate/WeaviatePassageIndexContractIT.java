package io.palimpsest.index.weaviate;

import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageIndexContract;
import io.palimpsest.platform.config.WeaviateSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

final class WeaviatePassageIndexContractIT extends PassageIndexContract {
    private @Nullable WeaviateSettings settings;

    @Override
    protected PassageIndex open() {
        if (settings == null) {
            settings = TestWeaviate.settings();
        }
        return new WeaviatePassageIndex(settings);
    }

    @AfterEach
    void dropGenerations() {
        index.generations().forEach(generation -> index.dropGeneration(generation.id()));
    }
}
