/** Tests of the indexer, on fakes of the store and the model and the real index. */
@NullMarked
package io.palimpsest.index.indexer;

import org.jspecify.annotations.NullMarked;
