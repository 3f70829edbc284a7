/**
 * Which generation of a collection is live, which get changes, and what may become of each: made, built, live, rolled back,
 * dropped. Must not embed or write passages. Entry classes: {@link io.palimpsest.index.generation.Generations}, {@link
 * io.palimpsest.index.generation.GenerationActs}.
 */
@NullMarked
package io.palimpsest.index.generation;

import org.jspecify.annotations.NullMarked;
