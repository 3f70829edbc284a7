package io.palimpsest.bench;

/**
 * One passage as a benchmark sees it, from any cutter.
 *
 * @param start first UTF-16 unit, inclusive
 * @param end exclusive
 * @param embedded what would be embedded
 */
record Cut(int start, int end, String embedded) {}
