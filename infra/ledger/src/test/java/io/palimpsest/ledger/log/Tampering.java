package io.palimpsest.ledger.log;

/** A kind of tampering. */
interface Tampering {
    /** Where an auditor finds it. */
    Finding foundIn();

    /** Changes the evidence. */
    void by(Forger forger);
}
