/**
 * A second look at the first hits: late interaction in process or a model behind HTTP. Entry interface: {@link io.palimpsest.index.rerank.Reranker}.
 */
@NullMarked
package io.palimpsest.index.rerank;

import org.jspecify.annotations.NullMarked;
