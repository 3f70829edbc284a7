/**
 * The index of passages on Lucene: one directory per generation, BM25 and int8-quantised HNSW in one index, intervals
 * and access as updatable columns. It must not store text. Entry: {@link
 * io.palimpsest.index.lucene.LucenePassageIndex}.
 */
@NullMarked
package io.palimpsest.index.lucene;

import org.jspecify.annotations.NullMarked;
