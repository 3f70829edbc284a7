/** Tests of the error codes. */
@NullMarked
package io.palimpsest.contracts.error;

import org.jspecify.annotations.NullMarked;
