package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.note.NoteSignature;

/** What a witness says to a request; the status of HTTP that C2SP tlog-witness has for each. */
sealed interface WitnessVerdict {
    int status();

    /** The checkpoint continues what the witness cosigned last, and that is on its disk. */
    record Cosigned(NoteSignature signature) implements WitnessVerdict {
        @Override
        public int status() {
            return 200;
        }
    }

    /** The body is not as specified, or its old size is larger than its checkpoint. */
    record Malformed(String why) implements WitnessVerdict {
        @Override
        public int status() {
            return 400;
        }
    }

    /** No key that is trusted for the origin has signed the checkpoint. */
    record Unsigned() implements WitnessVerdict {
        @Override
        public int status() {
            return 403;
        }
    }

    record UnknownLog() implements WitnessVerdict {
        @Override
        public int status() {
            return 404;
        }
    }

    /**
     * The old size is not that of the tree that was cosigned last.
     *
     * @param lastSize which is this; 0: none was
     */
    record OtherSize(long lastSize) implements WitnessVerdict {
        @Override
        public int status() {
            return 409;
        }
    }

    /** The log shows another tree of the size that was cosigned last. */
    record OtherRoot() implements WitnessVerdict {
        @Override
        public int status() {
            return 409;
        }
    }

    /** The proof does not prove that the log only grew. */
    record Inconsistent(String why) implements WitnessVerdict {
        @Override
        public int status() {
            return 422;
        }
    }
}
