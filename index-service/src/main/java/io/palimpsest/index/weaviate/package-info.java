/**
 * The index of passages in a Weaviate server. What is visible is decided by revisions and commits that this package keeps
 * there; the server's filters only narrow down what has to be looked at. It must not show the client's types to others.
 * Entry: {@link io.palimpsest.index.weaviate.WeaviatePassageIndex}.
 */
@NullMarked
package io.palimpsest.index.weaviate;

import org.jspecify.annotations.NullMarked;
