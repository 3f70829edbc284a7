package io.palimpsest.index.generation;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.index.passages.Generation;
import java.util.Optional;

/** Resolves the generation that searches of a collection read; a swap takes effect at the next call. */
@FunctionalInterface
public interface LiveGenerations {
    /** Empty for an unknown collection and before its first generation. */
    Optional<Generation> live(CollectionKey collection);
}
