package io.palimpsest.retrain.workflow;

/** Steps of runs; a step that is recorded as done is never done again. */
public enum Stage {
    LABEL,
    SNAPSHOT,
    TRAIN,
    EVALUATE,
    APPROVE,
    REGISTER,
    ROLL_OUT,

    BUILD,
    SHADOW,
    SWAP,
    WATCH,

    /** Long after a promotion: the generation before it is kept up to date no longer. */
    RETIRE,
    /** Somebody wants the run ended. */
    CANCEL,

    RECONCILE,

    /** Of an erasure: from here on no source can bring the document back. */
    SUPPRESS,
    ERASE,
    PROBE,
    CERTIFY
}
