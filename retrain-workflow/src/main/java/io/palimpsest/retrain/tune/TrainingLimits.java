package io.palimpsest.retrain.tune;

import java.time.Duration;

/**
 * What a training may use. No limit changes the bytes of a model.
 *
 * @param time for all of it, from start to whole model
 * @param silence longest time without a sign of life
 * @param memoryMib resident memory of the trainer's process and its children; watched where there is {@code /proc}
 * @param threads of the mathematics
 * @param checkpointEvery steps
 */
public record TrainingLimits(Duration time, Duration silence, int memoryMib, int threads, int checkpointEvery) {
    public TrainingLimits {
        if (time.isNegative() || time.isZero() || silence.isNegative() || silence.isZero()) {
            throw new IllegalArgumentException("time limits must be above 0");
        }
        if (memoryMib < 64 || threads < 1 || checkpointEvery < 1) {
            throw new IllegalArgumentException("at least 64 MiB, 1 thread, 1 step between checkpoints");
        }
    }

    /** 2 hours, 5 minutes of silence, 6 GiB (a LoRA of batch 32 took up to 4.6 in trials), 2 threads. */
    public static TrainingLimits standard() {
        return new TrainingLimits(Duration.ofHours(2), Duration.ofMinutes(5), 6_144, 2, 10);
    }

    public TrainingLimits withTime(Duration limit) {
        return new TrainingLimits(limit, silence, memoryMib, threads, checkpointEvery);
    }

    public TrainingLimits withSilence(Duration limit) {
        return new TrainingLimits(time, limit, memoryMib, threads, checkpointEvery);
    }

    public TrainingLimits withMemoryMib(int limit) {
        return new TrainingLimits(time, silence, limit, threads, checkpointEvery);
    }

    public TrainingLimits withCheckpointEvery(int steps) {
        return new TrainingLimits(time, silence, memoryMib, threads, steps);
    }
}
