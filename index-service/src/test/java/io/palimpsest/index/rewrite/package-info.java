/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.index.rewrite;

import org.jspecify.annotations.NullMarked;
