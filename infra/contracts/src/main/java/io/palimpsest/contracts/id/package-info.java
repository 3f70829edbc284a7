/**
 * Value records for every identifier. Validation happens in the constructors; nothing here does I/O.
 */
@NullMarked
package io.palimpsest.contracts.id;

import org.jspecify.annotations.NullMarked;
