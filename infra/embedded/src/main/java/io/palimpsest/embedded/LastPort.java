package io.palimpsest.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/** The port that the broker of a directory last registered for certain; unknown from before a change until after it. */
final class LastPort {
    private final Path file;

    LastPort(Path dataDir) {
        this.file = dataDir.resolve("embedded.port");
    }

    /** Empty when there was no start yet, or when the last one did not get as far as to keep its port. */
    OptionalInt port() {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    boolean is(int port) {
        return port().orElse(0) == port;
    }

    void keep(int port) {
        try {
            Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), Integer.toString(port));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
