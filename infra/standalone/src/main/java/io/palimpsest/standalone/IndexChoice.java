package io.palimpsest.standalone;

import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.weaviate.WeaviatePassageIndex;
import io.palimpsest.platform.config.IndexSettings;

/** The index that the settings name. */
final class IndexChoice {
    private IndexChoice() {}

    static PassageIndex of(IndexSettings settings) {
        return switch (settings.engine()) {
            case LUCENE -> new LucenePassageIndex(settings.directory());
            case WEAVIATE -> new WeaviatePassageIndex(settings.weaviate());
        };
    }
}
