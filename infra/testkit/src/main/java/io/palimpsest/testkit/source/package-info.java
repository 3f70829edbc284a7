/**
 * A content system that misbehaves on purpose, and the oracle that says what must be visible in the end. Knows the contracts
 * only. Entry class: {@link io.palimpsest.testkit.source.FaultySource}.
 */
@NullMarked
package io.palimpsest.testkit.source;

import org.jspecify.annotations.NullMarked;
