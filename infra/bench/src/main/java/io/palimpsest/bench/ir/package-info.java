/** Test collections of information retrieval and the measures over them. */
@NullMarked
package io.palimpsest.bench.ir;

import org.jspecify.annotations.NullMarked;
