package io.palimpsest.standalone;

import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A {@link KillableNode}, {@link KillableService} or {@link KillableRetrain} in a child process. */
final class NodeProcess implements AutoCloseable {
    private static final long READY_SECONDS = 120;
    private static final int LAST_LINES = 40;
    private static final int LINE = 500;

    private final Process process;
    private final ApiClient client;

    private NodeProcess(Process process, ApiClient client) {
        this.process = process;
        this.client = client;
    }

    /** Returns when it takes requests. */
    static NodeProcess start(Path dataDir) throws IOException, InterruptedException {
        return ready(launch(dataDir, KillableNode.class, "-Xmx768m"), dataDir);
    }

    /** One of several; its settings are in the data directory. Returns when it takes requests. */
    static NodeProcess startService(Path dataDir) throws IOException, InterruptedException {
        return startService(dataDir, "-Xmx256m");
    }

    /** @param heap as Java's option; training reads the base model into it */
    static NodeProcess startService(Path dataDir, String heap) throws IOException, InterruptedException {
        return ready(launch(dataDir, KillableService.class, heap), dataDir);
    }

    /** A {@link KillableRetrain}; its settings are in the data directory. Returns when it takes requests. */
    static NodeProcess startRetrain(Path dataDir) throws IOException, InterruptedException {
        return ready(launch(dataDir, KillableRetrain.class, "-Xmx768m"), dataDir);
    }

    /** Starts a {@link KillableRetrain} and kills it as soon as something has happened, ready or not. */
    static void killRetrainWhen(Path dataDir, Callable<Boolean> happened) throws Exception {
        killWhen(dataDir, launch(dataDir, KillableRetrain.class, "-Xmx768m"), happened);
    }

    /** The same with a {@link KillableService}. */
    static void killServiceWhen(Path dataDir, Callable<Boolean> happened) throws Exception {
        killWhen(dataDir, launch(dataDir, KillableService.class, "-Xmx512m"), happened);
    }

    private static void killWhen(Path dataDir, Process process, Callable<Boolean> happened) throws Exception {
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
            while (!happened.call()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("it did not happen; the end of the output:\n" + lastWords(dataDir));
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** For what is expected to end by itself. @return exit value, and the last words */
    static String endOfService(Path dataDir) throws IOException, InterruptedException {
        Process process = launch(dataDir, KillableService.class, "-Xmx256m");
        if (!process.waitFor(READY_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IllegalStateException("the service did not end by itself");
        }
        return process.exitValue() + "\n" + lastWords(dataDir);
    }

    private static NodeProcess ready(Process process, Path dataDir) throws IOException, InterruptedException {
        try {
            return new NodeProcess(process, client(process, dataDir));
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly().waitFor();
            throw e;
        }
    }

    /** Starts one and kills it after that time, ready or not. */
    static void killWhileStarting(Path dataDir, long afterMillis) throws IOException, InterruptedException {
        Process process = launch(dataDir, KillableNode.class, "-Xmx768m");
        TimeUnit.MILLISECONDS.sleep(afterMillis);
        process.destroyForcibly().waitFor();
    }

    private static Process launch(Path dataDir, Class<?> main, String heap) throws IOException, InterruptedException {
        return launch(dataDir, main, heap, ClassArchive.options(NodeProcess::rehearse));
    }

    private static void rehearse(List<String> options) throws IOException, InterruptedException {
        Path dataDir = Files.createTempDirectory("rehearsal");
        ready(launch(dataDir, KillableNode.class, "-Xmx768m", options), dataDir).stop();
        FolderTree.delete(dataDir);
    }

    private static Process launch(Path dataDir, Class<?> main, String heap, List<String> options) throws IOException {
        Files.createDirectories(dataDir);
        ServerAddress.remove(dataDir);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                heap));
        command.addAll(options);
        command.addAll(List.of(main.getName(), dataDir.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dataDir.resolve("node.out").toFile()))
                .start();
    }

    private static ApiClient client(Process process, Path dataDir) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (System.nanoTime() < deadline) {
            Optional<ServerAddress> address = ServerAddress.read(dataDir);
            if (address.isPresent()) {
                String key = Files.readString(dataDir.resolve("local.key")).strip();
                return new ApiClient(address.get().api(), key);
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("the node ended with " + process.exitValue()
                        + "; the end of its output:\n" + lastWords(dataDir));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException(
                "the node was not ready after " + READY_SECONDS + " s; the end of its output:\n" + lastWords(dataDir));
    }

    /** The last lines of the process's log and, after them, of its output: why it ended stands there. */
    static String lastWords(Path dataDir) throws IOException {
        StringBuilder words = new StringBuilder();
        for (String file : List.of("palimpsest.log", "node.out")) {
            if (Files.exists(dataDir.resolve(file))) {
                List<String> lines = Files.readAllLines(dataDir.resolve(file));
                words.append(file).append(":\n");
                lines.stream()
                        .skip(Math.max(0, lines.size() - LAST_LINES))
                        .forEach(line -> words.append(line, 0, Math.min(line.length(), LINE))
                                .append('\n'));
            }
        }
        return words.toString();
    }

    ApiClient client() {
        return client;
    }

    /** SIGKILL: no shutdown hook runs, no buffer is flushed. Nothing happens to a process that has ended. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and waits for the clean end. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            close();
            throw new IllegalStateException("the node did not stop within 60 s");
        }
    }
}
