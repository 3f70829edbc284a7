package io.palimpsest.index.querylog;

/** Takes what reproduces a query; never blocks a search. */
@FunctionalInterface
public interface QueryRecords {
    void offer(QueryRecord asked);
}
