package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.Generation;
import java.util.List;

/**
 * The collections of a generation. Their names are derived from its id; nothing resolves them by an alias.
 *
 * @param prefix of the platform
 */
record Shelf(String prefix, Generation generation) {
    private static final int ID_DIGITS = 24;

    static final List<String> PARTS = List.of("Passages", "Revisions", "Words");

    Place passages() {
        return place("Passages");
    }

    Place revisions() {
        return place("Revisions");
    }

    Place words() {
        return place("Words");
    }

    private Place place(String part) {
        return new Place(
                name(prefix, generation.id(), part),
                generation.collection().tenant().value());
    }

    static String name(String prefix, GenerationId generation, String part) {
        return prefix + "_" + ContentHash.ofText(generation.value()).value().substring(0, ID_DIGITS) + "_" + part;
    }
}
