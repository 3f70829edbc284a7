package io.palimpsest.ingest.extract;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.apache.tika.pipes.PipesConfigBase;

/**
 * The parser processes of one lane, each started at its first document.
 *
 * <p>Threading: any number of threads; each waits for a free process.
 */
final class ForkLane implements AutoCloseable {
    private final String name;
    private final int heapMib;
    private final Duration timeout;
    private final List<ParserFork> forks = new ArrayList<>();
    private final BlockingQueue<ParserFork> free;

    /** @param idle after which a process ends by itself; zero keeps it */
    ForkLane(String name, int count, int heapMib, Duration timeout, Duration idle, Launch launch) {
        this.name = name;
        this.heapMib = heapMib;
        this.timeout = timeout;
        this.free = new ArrayBlockingQueue<>(count);
        for (int i = 0; i < count; i++) {
            Path directory = launch.workDir().resolve("fork-" + name + "-" + i);
            forks.add(new ParserFork(config(launch, idle, directory), directory, launch.maxOutputChars()));
        }
        // What a killed process left behind.
        forks.forEach(ParserFork::wipe);
        free.addAll(forks);
    }

    /** What every process of an extractor is started with. */
    record Launch(Path workDir, Path tikaConfig, Path loggingConfig, List<Path> classPath, int maxOutputChars) {}

    String name() {
        return name;
    }

    int heapMib() {
        return heapMib;
    }

    Duration timeout() {
        return timeout;
    }

    ParserFork take() throws InterruptedException {
        return free.take();
    }

    void giveBack(ParserFork fork) {
        free.add(fork);
    }

    @Override
    public void close() {
        forks.forEach(ParserFork::close);
    }

    private PipesConfigBase config(Launch launch, Duration idle, Path directory) {
        PipesConfigBase config = new PipesConfigBase() {};
        config.setTikaConfig(launch.tikaConfig());
        config.setJavaPath(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        config.setTimeoutMillis(timeout.toMillis());
        config.setShutdownClientAfterMillis(idle.toMillis());
        config.setStartupTimeoutMillis(Duration.ofSeconds(60).toMillis());
        config.setSleepOnStartupTimeoutMillis(Duration.ofSeconds(1).toMillis());
        config.setMaxForEmitBatchBytes(0);
        config.setForkedJvmArgs(List.of(
                "-cp",
                launch.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "-Xms16m",
                "-Xmx" + heapMib + "m",
                "-XX:+UseSerialGC",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + directory.resolve("crash.txt"),
                "-Djava.io.tmpdir=" + directory,
                "-Djava.util.logging.config.file=" + launch.loggingConfig(),
                "-Dslf4j.internal.verbosity=ERROR",
                "-Dlog4j2.StatusLogger.level=OFF",
                "-Dlog4j2.statusLoggerLevel=OFF",
                "-Dorg.apache.logging.log4j.simplelog.level=OFF"));
        return config;
    }
}
