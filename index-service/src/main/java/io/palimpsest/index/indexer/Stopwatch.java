package io.palimpsest.index.indexer;

import io.palimpsest.platform.cost.CpuTime;
import java.time.Duration;

/** What the thread that made it has taken since; asked on that thread. */
final class Stopwatch {
    private final long began = System.nanoTime();
    private final long cpu = CpuTime.ofThisThread();

    Duration wall() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    long cpuNanos() {
        return CpuTime.ofThisThread() - cpu;
    }
}
