/** The log over HTTP: its files for any client of C2SP logs, proofs for those who have a key. Read-only. */
@NullMarked
package io.palimpsest.ledger.serve;

import org.jspecify.annotations.NullMarked;
