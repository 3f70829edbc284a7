package io.palimpsest.retrain.tune.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All processes of one job: descendants, and on Linux whatever carries the job's mark in its environment, so that a child whose
 * parents are gone is found too, also by the next start after a crash of ours.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    /** Of {@code /proc}, on every Linux that Java runs on. */
    private static final long TICKS_PER_SECOND = 100;

    /** A process that forks while it is killed is found in the next round; more rounds than this would mean it wins. */
    private static final int ROUNDS = 50;

    private final byte[] mark;
    private volatile Duration cpu = Duration.ZERO;

    /** @param mark an entry of the environment, {@code NAME=value} */
    ProcessTree(String mark) {
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    /** Kills until none is left. */
    void kill() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> alive =
                    members().stream().filter(ProcessHandle::isAlive).toList();
            if (alive.isEmpty()) {
                return;
            }
            alive.forEach(ProcessHandle::destroyForcibly);
            Thread.sleep(20);
        }
    }

    /** Resident bytes of all members; 0 where there is no {@code /proc}. */
    long residentBytes() {
        Set<ProcessHandle> members = members();
        Duration now = members.stream().map(ProcessTree::cpu).reduce(Duration.ZERO, Duration::plus);
        cpu = now.compareTo(cpu) > 0 ? now : cpu;
        return members.stream().mapToLong(ProcessTree::residentBytes).sum();
    }

    /**
     * CPU time of all members as of the last look of {@link #residentBytes}, with that of children they have waited for. What ended
     * between two looks with nobody waiting for it is not in it.
     */
    Duration cpu() {
        return cpu;
    }

    private static Duration cpu(ProcessHandle process) {
        try {
            String stat = Files.readString(PROC.resolve(process.pid() + "/stat"));
            // After the name, which may have spaces: state is field 3; 14 to 17 are its and its children's ticks
            // (proc(5)).
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = 14; field <= 17; field++) {
                ticks += Long.parseLong(fields[field - 3]);
            }
            return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
        } catch (IOException | RuntimeException e) { // gone, or another system
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
    }

    private Set<ProcessHandle> members() {
        Set<ProcessHandle> members = new LinkedHashSet<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(process -> process.pid() != ProcessHandle.current().pid() && isMarked(process.pid()))
                    .forEach(process -> {
                        members.add(process);
                        process.descendants().forEach(members::add);
                    });
        }
        return members;
    }

    private boolean isMarked(long pid) {
        try {
            byte[] environment = Files.readAllBytes(PROC.resolve(pid + "/environ"));
            return contains(environment);
        } catch (IOException e) {
            return false; // gone, or not ours
        }
    }

    /** As a whole entry: entries end with a zero byte. */
    private boolean contains(byte[] environment) {
        for (int start = 0; start + mark.length <= environment.length; ) {
            int end = start;
            while (end < environment.length && environment[end] != 0) {
                end++;
            }
            if (java.util.Arrays.equals(environment, start, end, mark, 0, mark.length)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static long residentBytes(ProcessHandle process) {
        try {
            for (String line : Files.readAllLines(PROC.resolve(process.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return 0; // gone
        }
        return 0;
    }
}
