package io.palimpsest.standalone;

import java.nio.file.Path;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Where a server's log goes: to a file in the data directory, unless the system property {@code palimpsest.log} says otherwise. */
final class Logging {
    private Logging() {}

    /** Before the first logger is made. */
    static void toFile(Path dataDir) {
        if (System.getProperty("palimpsest.log") == null) {
            System.setProperty("palimpsest.log", "FILE");
            System.setProperty(
                    "palimpsest.log.file", dataDir.resolve("palimpsest.log").toString());
        }
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
    }
}
