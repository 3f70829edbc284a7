package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.note.NoteSignature;
import java.time.Instant;

/** What came of asking a witness. All but {@link Cosigned} give no cosignature; asking again later harms never. */
public sealed interface WitnessOutcome {
    /**
     * Verified with the key of the witness.
     *
     * @param at when it says it did, to the second
     */
    record Cosigned(NoteSignature signature, Instant at) implements WitnessOutcome {}

    /**
     * The old size was not the one that the witness has cosigned last.
     *
     * @param size which is this, as it says
     */
    record OtherSize(long size) implements WitnessOutcome {}

    /**
     * It does not cosign; 404: it does not know the log, 403: not its key, 409 and 422: to it the log was rewritten.
     *
     * @param status of the HTTP answer
     * @param why its first line, of printable ASCII, shortened
     */
    record Refused(int status, String why) implements WitnessOutcome {}

    /** It answered something that the specification does not have, or a signature that is none of it. */
    record Unusable(String why) implements WitnessOutcome {}

    /** No answer, or none in time. It may have cosigned. */
    record Unreachable(String why) implements WitnessOutcome {}

    /** There was nothing to send. */
    record NotAsked(String why) implements WitnessOutcome {}
}
