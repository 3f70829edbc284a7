/** Evidence packs out of the log, for auditors without access to it. Entry class: {@link io.palimpsest.ledger.evidence.Evidence}. */
@NullMarked
package io.palimpsest.ledger.evidence;

import org.jspecify.annotations.NullMarked;
