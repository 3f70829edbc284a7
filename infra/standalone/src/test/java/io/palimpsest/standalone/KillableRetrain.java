package io.palimpsest.standalone;

import io.palimpsest.platform.config.SettingSources;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A whole Palimpsest in a process of its own, with models of which one is better, to be killed by tests. Argument: the data
 * directory, with the settings in {@code settings.properties}.
 */
final class KillableRetrain {
    private KillableRetrain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path dataDir = Path.of(arguments[0]);
        Logging.toFile(dataDir);
        Palimpsest palimpsest = Palimpsest.start(
                new SettingSources()
                        .file(dataDir.resolve(KillableService.SETTINGS))
                        .load(),
                HalfBlind.factory());
        Runtime.getRuntime().addShutdownHook(new Thread(palimpsest::close, "shutdown"));
        new CountDownLatch(1).await();
    }
}
