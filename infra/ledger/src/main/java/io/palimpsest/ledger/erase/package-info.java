/** What the ledger erases of a document, and the certificates of erasures. */
@NullMarked
package io.palimpsest.ledger.erase;

import org.jspecify.annotations.NullMarked;
