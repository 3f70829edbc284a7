/**
 * Benchmarks: each prints a table and, with {@code --json FILE}, the same as JSON. They compare in one run; they are not
 * timed tests. Entry class: {@link io.palimpsest.bench.Bench}.
 */
@NullMarked
package io.palimpsest.bench;

import org.jspecify.annotations.NullMarked;
