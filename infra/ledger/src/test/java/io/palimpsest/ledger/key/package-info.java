/** Tests of keys that are elsewhere. */
@NullMarked
package io.palimpsest.ledger.key;

import org.jspecify.annotations.NullMarked;
