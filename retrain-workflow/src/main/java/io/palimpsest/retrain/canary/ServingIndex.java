package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import java.util.Optional;

/** The index that people search. Threading: safe. Failure: {@code INDEX_UNAVAILABLE}. */
public interface ServingIndex {
    /** Empty before the first document. */
    Optional<Serving> serving(CollectionKey collection);

    SearchUnderTest search(CollectionKey collection, GenerationId generation);

    /** The live generation. */
    record Serving(GenerationId generation, ModelId model) {}
}
