/** What entries of the log commit to without saying it. Pure: no I/O. Entry class: {@link io.palimpsest.verifier.entry.Commitment}. */
@NullMarked
package io.palimpsest.verifier.entry;

import org.jspecify.annotations.NullMarked;
