package io.palimpsest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Processor seconds by who used them, since a moment: {@code services} is this process with its children, the others are called as
 * their programs, {@code java} being Kafka. Processes in containers are seen where the kernel is the same.
 */
final class ProcessorTime {
    private static final Set<String> ENGINES = Set.of("java", "postgres", "weaviate", "weaviate-server");

    private final Map<String, Double> before = seconds();
    private final long began = System.nanoTime();

    /** Shares of all processors since then, 0 to 1, by name. */
    Map<String, Double> shares() {
        double all = (System.nanoTime() - began) / 1e9 * Runtime.getRuntime().availableProcessors();
        Map<String, Double> shares = new TreeMap<>();
        seconds().forEach((who, seconds) -> shares.put(who, (seconds - before.getOrDefault(who, 0.0)) / all));
        return shares;
    }

    private static Map<String, Double> seconds() {
        ProcessHandle self = ProcessHandle.current();
        Set<Long> ours = self.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
        ours.add(self.pid());
        Map<String, Double> seconds = new HashMap<>();
        ProcessHandle.allProcesses().forEach(process -> {
            String who = ours.contains(process.pid()) ? "services" : program(process.pid());
            if (who.equals("services") || ENGINES.contains(who)) {
                seconds.merge(
                        who,
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9,
                        Double::sum);
            }
        });
        return seconds;
    }

    private static String program(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException e) { // it has ended
            return "";
        }
    }
}
