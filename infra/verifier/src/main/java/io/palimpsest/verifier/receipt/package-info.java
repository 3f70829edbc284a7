/**
 * Receipts of what somebody was shown, in a file with what proves them. Pure: no I/O. Entry class: {@link
 * io.palimpsest.verifier.receipt.ReceiptFile}.
 */
@NullMarked
package io.palimpsest.verifier.receipt;

import org.jspecify.annotations.NullMarked;
