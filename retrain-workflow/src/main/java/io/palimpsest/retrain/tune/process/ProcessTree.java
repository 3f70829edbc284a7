package io.palimpsest.retrain.tune.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    /** A process that forks while it is killed is found in the next round; more rounds than this would mean it wins. */
    private static final int ROUNDS = 50;

    private final byte[] mark;

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
        return members().stream().mapToLong(ProcessTree::residentBytes).sum();
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
