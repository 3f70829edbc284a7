package io.palimpsest.retrain.tune.process;

import io.palimpsest.contracts.error.ErrorCode;

/** What a trainer's process says with its exit status: numbers of sysexits.h where it has one. Part of the command contract. */
public final class ExitStatus {
    public static final int DONE = 0;
    /** EX_DATAERR: the snapshot cannot be trained on. */
    public static final int SNAPSHOT_UNUSABLE = 65;
    /** EX_UNAVAILABLE: something that has to be installed is missing. */
    public static final int UNAVAILABLE = 69;
    /** EX_SOFTWARE: the loss is no number any more. */
    public static final int DIVERGED = 70;
    /** EX_OSERR: no memory. */
    public static final int OUT_OF_MEMORY = 71;
    /** EX_CANTCREAT: the model came out broken. */
    public static final int MODEL_BROKEN = 73;
    /** EX_IOERR: no space. */
    public static final int DISK_FULL = 74;

    /** What shells and nice say of a program that does not start. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** SIGKILL that was not ours: the kernel's, for want of memory. */
    private static final int KILLED = 128 + 9;

    private ExitStatus() {}

    static ErrorCode code(int status) {
        return switch (status) {
            case SNAPSHOT_UNUSABLE -> ErrorCode.SNAPSHOT_UNUSABLE;
            case UNAVAILABLE, NOT_EXECUTABLE, NOT_FOUND -> ErrorCode.TRAINER_UNAVAILABLE;
            case DIVERGED -> ErrorCode.TRAINING_DIVERGED;
            case OUT_OF_MEMORY, KILLED -> ErrorCode.TRAINING_OUT_OF_MEMORY;
            case MODEL_BROKEN -> ErrorCode.MODEL_BROKEN;
            case DISK_FULL -> ErrorCode.TRAINING_DISK_FULL;
            default -> ErrorCode.TRAINER_FAILED;
        };
    }

    /** Of our own trainers' processes. */
    public static int of(ErrorCode code) {
        return switch (code) {
            case SNAPSHOT_UNUSABLE -> SNAPSHOT_UNUSABLE;
            case TRAINER_UNAVAILABLE, MODEL_MISSING -> UNAVAILABLE;
            case TRAINING_DIVERGED -> DIVERGED;
            case TRAINING_OUT_OF_MEMORY -> OUT_OF_MEMORY;
            case MODEL_BROKEN -> MODEL_BROKEN;
            case TRAINING_DISK_FULL -> DISK_FULL;
            default -> 1;
        };
    }
}
