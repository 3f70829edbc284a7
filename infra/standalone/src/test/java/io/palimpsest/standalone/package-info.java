/** Whole-flow tests, and tests of the house itself. */
@NullMarked
package io.palimpsest.standalone;

import org.jspecify.annotations.NullMarked;
