package io.palimpsest.platform.cost;

/** What was worked on. */
public enum WorkKind {
    /** Changes into the live generation. Subject: the model that embeds. */
    INDEX,
    /** A generation beside the live one: its build, and changes into it. Subject: its id. */
    GENERATION,
    /** One run's training. Subject: the trainer. */
    TRAINING,
    /** One run's candidate beside the serving model. Subject: the trainer. */
    EVALUATION
}
