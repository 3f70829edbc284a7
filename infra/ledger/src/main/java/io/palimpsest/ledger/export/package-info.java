/**
 * Hands checkpoints to others on a schedule, so that what the log said once is not with its operator alone. Never holds up the log.
 * Entry class: {@link io.palimpsest.ledger.export.CheckpointExports}.
 */
@NullMarked
package io.palimpsest.ledger.export;

import org.jspecify.annotations.NullMarked;
