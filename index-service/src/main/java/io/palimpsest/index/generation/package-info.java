/**
 * Which generation of a collection is live, and making the first one. Entry class: {@link
 * io.palimpsest.index.generation.Generations}.
 */
@NullMarked
package io.palimpsest.index.generation;

import org.jspecify.annotations.NullMarked;
