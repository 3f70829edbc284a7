/** The ledger's service. Entry class: {@link io.palimpsest.ledger.LedgerApp}. */
@NullMarked
package io.palimpsest.ledger;

import org.jspecify.annotations.NullMarked;
