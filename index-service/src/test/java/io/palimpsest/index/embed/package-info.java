/**
 * The contract suite of embedders, the fake for everybody's tests, and what is special to each implementation.
 */
@NullMarked
package io.palimpsest.index.embed;

import org.jspecify.annotations.NullMarked;
