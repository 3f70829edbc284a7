/** Tests of the index in a Weaviate server. */
@NullMarked
package io.palimpsest.index.weaviate;

import org.jspecify.annotations.NullMarked;
