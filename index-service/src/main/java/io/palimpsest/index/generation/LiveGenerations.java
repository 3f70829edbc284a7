package io.palimpsest.index.generation;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import java.time.Instant;
import java.util.Optional;

/** Resolves the generation that searches of a collection read; a swap takes effect at the next call. */
@FunctionalInterface
public interface LiveGenerations {
    /** Empty for an unknown collection and before its first generation. */
    Optional<Serving> live(CollectionKey collection);

    /**
     * The live one where it has the history of that moment, otherwise the one that was live then.
     *
     * @throws PalimpsestException {@link ErrorCode#AS_OF_NOT_RETAINED} where that one was dropped
     */
    default Optional<Serving> asOf(CollectionKey collection, Instant moment) {
        return live(collection);
    }

    /** A generation that was live once, for what it was asked then; empty once it was dropped. */
    default Optional<Serving> retained(CollectionKey collection, GenerationId generation) {
        return live(collection).filter(serving -> serving.id().equals(generation));
    }

    /**
     * A generation by its name, for evaluations.
     *
     * @throws PalimpsestException {@link ErrorCode#NOT_FOUND}; {@link ErrorCode#GENERATION_NOT_READY} where it has not, or not
     *     any more, what the live one has
     */
    default Serving named(CollectionKey collection, GenerationId generation) {
        return live(collection)
                .filter(serving -> serving.id().equals(generation))
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such generation for this key"));
    }
}
