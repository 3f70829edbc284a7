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

    RECONCILE
}
