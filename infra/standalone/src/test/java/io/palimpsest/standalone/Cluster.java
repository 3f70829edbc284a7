package io.palimpsest.standalone;

import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Processes of one installation, by name: {@code ingest-1} runs the ingest service, and so on. */
final class Cluster implements AutoCloseable {
    private final Path work;
    private final Map<String, String> shared;
    private final Map<String, NodeProcess> running = new HashMap<>();

    /** @param shared settings of all of them */
    Cluster(Path work, Map<String, String> shared) {
        this.work = work;
        this.shared = Map.copyOf(shared);
    }

    /** Settings and data directory of one; more settings may follow. */
    Path prepared(String name, Map<String, String> more) throws IOException {
        Path dataDir = work.resolve(name);
        Map<String, String> settings = new HashMap<>(shared);
        settings.put("data.dir", dataDir.toString());
        settings.put("services", name.substring(0, name.indexOf('-')));
        settings.put("instance.name", name);
        settings.put("http.port", "0");
        settings.putAll(more);
        KillableService.prepare(dataDir, settings);
        return dataDir;
    }

    /** At the same time; returns when all take requests. */
    void start(String... names) throws Exception {
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<NodeProcess>> starts = new ArrayList<>();
            for (String name : names) {
                Path dataDir = prepared(name, Map.of());
                starts.add(() -> NodeProcess.startService(dataDir));
            }
            List<Future<NodeProcess>> started = starters.invokeAll(starts);
            for (int i = 0; i < names.length; i++) {
                running.put(names[i], started.get(i).get());
            }
        }
    }

    ApiClient client(String name) {
        return process(name).client();
    }

    void kill(String name) throws InterruptedException {
        process(name).close();
        running.remove(name);
    }

    void stop(String name) throws InterruptedException {
        process(name).stop();
        running.remove(name);
    }

    private NodeProcess process(String name) {
        return Objects.requireNonNull(running.get(name), name);
    }

    @Override
    public void close() throws InterruptedException {
        for (NodeProcess process : running.values()) {
            process.close();
        }
    }
}
