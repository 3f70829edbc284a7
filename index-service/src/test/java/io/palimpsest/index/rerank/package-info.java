/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.index.rerank;

import org.jspecify.annotations.NullMarked;
