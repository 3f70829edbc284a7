/**
 * From entries on the topic to leaves of the log: once each, in the order of the topic. Entry class: {@link
 * io.palimpsest.ledger.sequence.Sequencer}.
 */
@NullMarked
package io.palimpsest.ledger.sequence;

import org.jspecify.annotations.NullMarked;
