/**
 * Witnesses of a log, by C2SP tlog-witness: who asks them for cosignatures ({@link io.palimpsest.ledger.witness.Witnesses}), and
 * one of our own as a process of its own ({@link io.palimpsest.ledger.witness.WitnessMain}). Neither reads the entries of a log.
 */
@NullMarked
package io.palimpsest.ledger.witness;

import org.jspecify.annotations.NullMarked;
