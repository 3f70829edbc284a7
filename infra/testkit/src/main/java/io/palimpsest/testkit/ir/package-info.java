/** Test collections of information retrieval, read from where they lie. Entry class: {@link io.palimpsest.testkit.ir.TestCollection}. */
@NullMarked
package io.palimpsest.testkit.ir;

import org.jspecify.annotations.NullMarked;
