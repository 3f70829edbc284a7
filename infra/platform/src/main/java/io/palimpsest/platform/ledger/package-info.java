/**
 * What every service tells the ledger: entries with ids and commitments, never what is personal. Entry class: {@link io.palimpsest.platform.ledger.LedgerEntries}.
 */
@NullMarked
package io.palimpsest.platform.ledger;

import org.jspecify.annotations.NullMarked;
