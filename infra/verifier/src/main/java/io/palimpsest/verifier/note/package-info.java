/**
 * Signed notes of C2SP signed-note, with Ed25519, and cosignatures of C2SP tlog-cosignature. Pure: no I/O. Entry classes:
 * {@link io.palimpsest.verifier.note.SignedNote}, {@link io.palimpsest.verifier.note.NoteSigner}.
 */
@NullMarked
package io.palimpsest.verifier.note;

import org.jspecify.annotations.NullMarked;
