package io.palimpsest.retrain.tune.lora;

/**
 * Token ids of one batch.
 *
 * @param passages the own passage of each query, in the order of the queries, then hard negatives
 * @param alsoRelevant by query and passage: whether reviewers found it relevant to the query
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
record PairBatch(long[][] queries, long[][] passages, boolean[][] alsoRelevant) {}
