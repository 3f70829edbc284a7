package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import java.util.Optional;

/** The index that people search. Threading: safe. Failure: {@code INDEX_UNAVAILABLE}. */
public interface ServingIndex {
    /** Empty before the first document. */
    Optional<Serving> serving(CollectionId collection);

    /** The key for the index belongs to one tenant: another's collection of the same name is not this one. */
    default Optional<Serving> serving(CollectionKey collection) {
        String prefix = collection.tenant() + "." + collection.collection() + ".";
        return serving(collection.collection())
                .filter(live -> live.generation().value().startsWith(prefix));
    }

    SearchUnderTest search(CollectionId collection, GenerationId generation);

    /** The live generation. */
    record Serving(GenerationId generation, ModelId model) {}
}
