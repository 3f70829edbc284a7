package io.palimpsest.contracts.error;

/** What the caller of a failed step does next. */
public enum NextAction {
    /** The same call may succeed later: try again with back-off. */
    RETRY,
    /** This input will never succeed: set it aside with the reason. */
    DEAD_LETTER,
    /** The operator must act: stop this part and say so. */
    STOP,
    /** The outcome is unknown: re-read by idempotency key before anything else. */
    RECONCILE
}
