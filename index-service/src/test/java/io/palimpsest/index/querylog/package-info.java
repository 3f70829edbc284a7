/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.index.querylog;

import org.jspecify.annotations.NullMarked;
