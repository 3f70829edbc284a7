package io.palimpsest.verifier.note;

/** A note is not signed as it must be, or is none. The message says which check failed. */
public final class InvalidNoteException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidNoteException(String message) {
        super(message);
    }
}
