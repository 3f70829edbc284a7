/** Tests of the embedded engines. */
@NullMarked
package io.palimpsest.embedded;

import org.jspecify.annotations.NullMarked;
