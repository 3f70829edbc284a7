/**
 * Receipts of what people were shown, and the repeating of it. Entry classes: {@link io.palimpsest.index.receipt.Receipt}, {@link
 * io.palimpsest.index.receipt.Rerun}.
 */
@NullMarked
package io.palimpsest.index.receipt;

import org.jspecify.annotations.NullMarked;
