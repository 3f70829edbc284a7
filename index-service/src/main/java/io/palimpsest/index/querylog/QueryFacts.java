package io.palimpsest.index.querylog;

import io.palimpsest.contracts.event.QueryServed;
import java.util.function.Supplier;

/** Takes what is to be told of queries; never blocks a search. */
@FunctionalInterface
public interface QueryFacts {
    /** @param fact made on another thread */
    void offer(Supplier<QueryServed> fact);
}
