/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.index.revision;

import org.jspecify.annotations.NullMarked;
