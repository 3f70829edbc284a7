/**
 * Error codes: stable ids, what to do next, a hint for the operator.
 */
@NullMarked
package io.palimpsest.contracts.error;

import org.jspecify.annotations.NullMarked;
