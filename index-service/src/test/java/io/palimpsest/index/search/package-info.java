/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.index.search;

import org.jspecify.annotations.NullMarked;
