/** The log on disk: tiles, entry bundles and the newest checkpoint, written durably by one writer. Entry class: {@link io.palimpsest.ledger.log.TransparencyLog}. */
@NullMarked
package io.palimpsest.ledger.log;

import org.jspecify.annotations.NullMarked;
