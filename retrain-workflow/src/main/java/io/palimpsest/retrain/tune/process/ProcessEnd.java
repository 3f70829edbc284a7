package io.palimpsest.retrain.tune.process;

/** How a process ended. */
public sealed interface ProcessEnd {
    /** By itself, or by somebody else's signal (128 + signal). */
    record Exited(int status) implements ProcessEnd {}

    /** Killed at its time limit. */
    record TimedOut() implements ProcessEnd {}

    /** Killed, because it said nothing for too long. */
    record Silent() implements ProcessEnd {}

    /** Killed, because it and its children held more memory than allowed. */
    record OverMemory(long mebibytes) implements ProcessEnd {}

    /** Killed, because nobody wants it any more. */
    record Cancelled() implements ProcessEnd {}
}
