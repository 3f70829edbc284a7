package io.palimpsest.index.search;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.index.generation.Serving;
import java.util.function.Function;

/**
 * A query that was answered.
 *
 * @param ask asks it of another generation, without a trace
 */
public record ShadowQuery(CollectionKey collection, Retrieval retrieval, Function<Serving, Retrieval> ask) {
    /** Takes queries that were answered; never blocks a search. */
    @FunctionalInterface
    public interface Taker {
        void offer(ShadowQuery query);
    }
}
