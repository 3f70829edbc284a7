package io.palimpsest.platform.cost;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of platform threads. */
public final class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuTime() {}

    /** Nanoseconds that the calling thread has worked; 0 on a virtual thread, or where the platform does not tell. */
    public static long ofThisThread() {
        return Thread.currentThread().isVirtual() || !THREADS.isCurrentThreadCpuTimeSupported()
                ? 0
                : Math.max(0, THREADS.getCurrentThreadCpuTime());
    }
}
