package io.palimpsest.standalone;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.SettingSources;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * Some services in a process of their own, with a cheap embedder, to be killed by tests. Argument: the data directory, with
 * the settings in {@code settings.properties}. Ends by itself, as {@code palimpsest up} does, when its name is lost.
 */
final class KillableService {
    static final String SETTINGS = "settings.properties";

    private KillableService() {}

    /** Before it, or a {@link KillableRetrain}, is started there. */
    static void prepare(Path dataDir, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer file =
                Files.newBufferedWriter(Files.createDirectories(dataDir).resolve(SETTINGS))) {
            properties.store(file, null);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Path dataDir = Path.of(arguments[0]);
        Logging.toFile(dataDir);
        try {
            Palimpsest palimpsest = Palimpsest.start(
                    new SettingSources().file(dataDir.resolve(SETTINGS)).load(), KillableNode.cheapEmbedder());
            Runtime.getRuntime().addShutdownHook(new Thread(palimpsest::close, "shutdown"));
            CountDownLatch ended = new CountDownLatch(1);
            CompletableFuture<Void> unused = palimpsest.ended().thenAccept(lost -> {
                System.out.println(lost.code().id() + " " + lost.getMessage());
                ended.countDown();
            });
            ended.await();
        } catch (PalimpsestException e) {
            System.out.println(e.code().id() + " " + e.getMessage());
        }
        System.exit(1);
    }
}
