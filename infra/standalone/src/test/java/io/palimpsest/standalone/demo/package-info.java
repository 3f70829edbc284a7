/** Tests of the demo's documents. */
@NullMarked
package io.palimpsest.standalone.demo;

import org.jspecify.annotations.NullMarked;
