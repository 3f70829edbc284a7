package io.palimpsest.verifier.merkle;

/** A proof does not prove what it says: the log, or the proof, was changed. The message says which check failed. */
public final class InvalidProofException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidProofException(String message) {
        super(message);
    }
}
