package io.palimpsest.index.indexer;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import java.time.Duration;

/** Told what became visible. Called on the indexer's thread after the write, so it must be quick and must not throw. */
public interface IndexListener {
    /** A batch has its vectors, embedded or from the cache. */
    default void embedded(Duration time) {}

    /** A batch was written. */
    default void written(Duration time) {}

    /**
     * A batch is in a generation.
     *
     * @param cpuNanos of the indexer's thread and the model's
     * @param counts its times are 0
     */
    default void spent(Work work, Duration wall, long cpuNanos, Spent counts) {}

    /** A live revision was written. */
    default void indexed(DocumentRevised revision, ExtractedDocument document) {}

    /** Any revision was applied, deletions included. */
    default void applied(DocumentIndexed indexed) {}
}
