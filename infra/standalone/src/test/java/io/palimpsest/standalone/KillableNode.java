package io.palimpsest.standalone;

import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.TestModels;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A whole Palimpsest in a process of its own, with a cheap embedder, to be killed by tests. Argument: the data directory. */
final class KillableNode {
    private KillableNode() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path dataDir = Path.of(arguments[0]);
        Logging.toFile(dataDir);
        Palimpsest palimpsest = Palimpsest.start(settings(dataDir), cheapEmbedder());
        Runtime.getRuntime().addShutdownHook(new Thread(palimpsest::close, "shutdown"));
        new CountDownLatch(1).await();
    }

    static Settings settings(Path dataDir) {
        return Settings.load(Map.of(
                "data.dir", dataDir.toString(), "http.port", "0", "kafka.embedded.port", "0", "extract.workers", "2"));
    }

    static EmbedderChoice.Factory cheapEmbedder() {
        return (settings, tokenizer) -> new EmbedderChoice(new HashingEmbedder(), Optional.empty(), TestModels::open);
    }
}
