/** Tests of what work took. */
@NullMarked
package io.palimpsest.platform.cost;

import org.jspecify.annotations.NullMarked;
