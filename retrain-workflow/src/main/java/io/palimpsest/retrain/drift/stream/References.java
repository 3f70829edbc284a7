package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.drift.measure.Reference;
import java.util.Optional;

/** Threading: safe. Failure: a code that is retried. Asked at each window's end. */
@FunctionalInterface
public interface References {
    /** The one in force; empty while there is none. */
    Optional<Reference> of(CollectionKey collection);
}
