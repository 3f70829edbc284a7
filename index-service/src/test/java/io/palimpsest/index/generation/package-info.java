/** Tests of the live generations. */
@NullMarked
package io.palimpsest.index.generation;

import org.jspecify.annotations.NullMarked;
