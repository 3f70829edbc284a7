/**
 * Real engines for integration tests: a server given by address in the environment, or the official image in a container. Knows
 * nothing of the platform, so that every module's tests can use it. Entry class:
 * {@link io.palimpsest.testkit.engine.NeedsEngine}.
 */
@NullMarked
package io.palimpsest.testkit.engine;

import org.jspecify.annotations.NullMarked;
