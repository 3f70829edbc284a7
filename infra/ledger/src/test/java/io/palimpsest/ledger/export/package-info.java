/** Tests of exports. */
@NullMarked
package io.palimpsest.ledger.export;

import org.jspecify.annotations.NullMarked;
