/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.index.answer;

import org.jspecify.annotations.NullMarked;
