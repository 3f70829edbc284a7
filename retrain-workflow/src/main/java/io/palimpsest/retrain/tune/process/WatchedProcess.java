package io.palimpsest.retrain.tune.process;

import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TrainingLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One run of a program with limits. It runs at low priority, its standard input is open until we are gone, its outputs go to a
 * bounded log, and lines of its standard output to the caller.
 *
 * <p>Threading: one run at a time. Failure: an {@code IOException} where it cannot start; when the caller's listener throws, the
 * process and its children are gone before that is passed on.
 */
public final class WatchedProcess {
    /** Names the job in the environment of its processes. */
    public static final String MARK = "PALIMPSEST_JOB";

    /** Our environment holds keys that no trainer needs. */
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "JAVA_HOME");

    private static final int LONGEST_LINE = 8_192;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final long MEBIBYTE = 1L << 20;

    private final List<String> command;
    private final Map<String, String> environment;
    private final TrainingLimits limits;
    private final Path log;
    private final ProcessTree tree;
    private final String mark;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(1_000);
    private final AtomicLong lastSign = new AtomicLong();

    /**
     * @param environment what the program finds, besides {@code PATH} and its like
     * @param mark the same for every try of the same job; what is left of an earlier one is killed first
     */
    public WatchedProcess(
            List<String> command, Map<String, String> environment, String mark, TrainingLimits limits, Path log) {
        this.command = withLowPriority(command);
        this.environment = Map.copyOf(environment);
        this.limits = limits;
        this.log = log;
        this.mark = mark;
        this.tree = new ProcessTree(MARK + "=" + mark);
    }

    /**
     * @param listener hears lines of standard output, on this thread, each cut to 8 KiB
     * @param working called about once a second, on this thread
     */
    public ProcessEnd run(Path directory, Consumer<String> listener, Runnable working, Cancellation cancellation)
            throws IOException, InterruptedException {
        tree.kill();
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        builder.environment().put(MARK, mark);
        try (BoundedLog output = new BoundedLog(log)) {
            Process process = builder.start();
            lastSign.set(System.nanoTime());
            Thread out = pump(process.getInputStream(), output, true);
            Thread err = pump(process.getErrorStream(), output, false);
            try {
                ProcessEnd end = watch(process, listener, working, cancellation);
                if (end instanceof ProcessEnd.Exited) {
                    out.join(1_000);
                    drain(listener);
                }
                return end;
            } finally {
                kill(process);
                out.join(1_000);
                err.join(1_000);
            }
        }
    }

    /** CPU time of the process and its children, about a second old at most. */
    public Duration cpu() {
        return tree.cpu();
    }

    private ProcessEnd watch(Process process, Consumer<String> listener, Runnable working, Cancellation cancellation)
            throws InterruptedException {
        long start = System.nanoTime();
        long nextSecond = start;
        while (true) {
            String line = lines.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (line != null) {
                listener.accept(line);
            }
            if (cancellation.requested() || Thread.currentThread().isInterrupted()) {
                return new ProcessEnd.Cancelled();
            }
            if (line == null && !process.isAlive()) {
                return new ProcessEnd.Exited(process.waitFor());
            }
            long now = System.nanoTime();
            if (now - start > limits.time().toNanos()) {
                return new ProcessEnd.TimedOut();
            }
            if (now - lastSign.get() > limits.silence().toNanos()) {
                return new ProcessEnd.Silent();
            }
            if (now - nextSecond >= 0) {
                nextSecond = now + TimeUnit.SECONDS.toNanos(1);
                working.run();
                long resident = tree.residentBytes() / MEBIBYTE;
                if (resident > limits.memoryMib()) {
                    return new ProcessEnd.OverMemory(resident);
                }
            }
        }
    }

    private void kill(Process process) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        tree.kill();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(Consumer<String> listener) {
        List<String> rest = new ArrayList<>();
        lines.drainTo(rest);
        rest.forEach(listener);
    }

    private Thread pump(InputStream in, BoundedLog output, boolean isStandardOutput) {
        Thread thread = new Thread(
                () -> {
                    try (in) {
                        copy(in, output, isStandardOutput);
                    } catch (IOException | InterruptedException e) {
                        // the process is gone, and its pipe with it
                    }
                },
                "trainer-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void copy(InputStream in, BoundedLog output, boolean isStandardOutput)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[8_192];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            lastSign.set(System.nanoTime());
            output.add(buffer, read);
            for (int i = 0; isStandardOutput && i < read; i++) {
                if (buffer[i] == '\n') {
                    lines.put(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else if (line.size() < LONGEST_LINE) {
                    line.write(buffer[i]);
                }
            }
        }
    }

    /** Search comes first on every core. */
    private static List<String> withLowPriority(List<String> command) {
        Path nice = Path.of("/usr/bin/nice");
        if (!java.nio.file.Files.isExecutable(nice)) {
            return List.copyOf(command);
        }
        List<String> all = new ArrayList<>(List.of(nice.toString(), "-n", "19"));
        all.addAll(command);
        return List.copyOf(all);
    }
}
