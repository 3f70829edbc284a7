/** The contract suite of the index of passages and the fake that other tests use. */
@NullMarked
package io.palimpsest.index.passages;

import org.jspecify.annotations.NullMarked;
