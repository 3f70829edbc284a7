package io.palimpsest.verifier.witness;

import io.palimpsest.verifier.note.NoteKey;
import java.time.Instant;

/**
 * A witness that has cosigned a checkpoint.
 *
 * @param at when it says it did, to the second; nobody else vouches for it
 */
public record Cosigner(NoteKey witness, Instant at) {}
