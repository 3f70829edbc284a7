package io.palimpsest.ingest.passage;

import io.palimpsest.contracts.content.Block;
import org.jspecify.annotations.Nullable;

/**
 * What is never cut further: a block, or a sentence, line or run of words of a block over the token limit.
 *
 * @param start first UTF-16 unit, inclusive
 * @param end exclusive
 * @param tokens of the atom's text
 * @param priority of the boundary after the atom: the lowest is cut first
 * @param block the block it is, or is a part of
 * @param tableHeader the header row above it, for table rows that have one
 */
record Atom(
        int start,
        int end,
        int tokens,
        long priority,
        Block block,
        @Nullable Block tableHeader) {}
