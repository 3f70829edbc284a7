package io.palimpsest.index.generation;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import org.jspecify.annotations.Nullable;

/**
 * What searches of a collection read.
 *
 * @param previous what a roll-back goes to
 * @param number counts what was live before
 */
record LiveRow(
        CollectionKey collection,
        GenerationId generation,
        @Nullable GenerationId previous,
        long number) {}
