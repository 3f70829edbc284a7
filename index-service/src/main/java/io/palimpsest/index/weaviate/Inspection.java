package io.palimpsest.index.weaviate;

import io.palimpsest.index.passages.Generation;
import io.weaviate.client6.v1.api.collections.CollectionConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the collections of a generation are there, and as they have to be. Threading: any. */
record Inspection(Engine engine, String prefix) {
    /** Objects whose vectors are measured. Arbitrary. */
    private static final int LOOKED_AT = 20;

    /**
     * Asks for three collections with their tenants, and for some objects.
     *
     * @param token that they were made with
     * @return false = one of them is gone, or was made for something else
     * @throws io.palimpsest.contracts.error.PalimpsestException {@code INDEX_REFUSED} where one is of another shape
     */
    boolean isWhole(Generation generation, String token) {
        Shelf shelf = new Shelf(prefix, generation);
        for (Schema.Table table : Schema.tables(shelf, token, engine.settings())) {
            Optional<CollectionConfig> found = engine.connection().config(table.name());
            if (found.isEmpty() || !String.valueOf(found.get().description()).endsWith(token)) {
                return false;
            }
            Shapes.check(table, found.get(), engine.connection().failures());
            String tenant = generation.collection().tenant().value();
            if (!engine.connection().hasTenant(table.name(), tenant)) {
                return false;
            }
        }
        checkDimensions(shelf.passages(), generation.dimensions());
        return true;
    }

    /** A collection does not say how long its vectors are, but takes no others than its first. */
    private void checkDimensions(Place passages, int dimensions) {
        List<Item> some = engine.reads().first(passages, LOOKED_AT, Set.of());
        for (Item item : some) {
            float[] vector = item.vector();
            if (vector != null && vector.length != dimensions) {
                throw Shapes.refused(
                        passages.collection(),
                        "its vectors have " + vector.length + " dimensions, those of the generation " + dimensions,
                        engine.connection().failures());
            }
        }
    }
}
