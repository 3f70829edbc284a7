package io.palimpsest.ingest.extract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How many parser processes there are and what they run on.
 *
 * @param smallForks processes of the small lane, started at the first document and then kept
 * @param largeForks processes of the large lane, each stopped after {@code idle} without work
 * @param extraClassPath more entries for the class path of the processes, with parsers of one's own
 */
public record ForkSettings(int smallForks, int largeForks, Duration idle, List<Path> extraClassPath) {
    public static final ForkSettings DEFAULT = new ForkSettings(1, 1, Duration.ofSeconds(60), List.of());

    public ForkSettings {
        extraClassPath = List.copyOf(extraClassPath);
        if (smallForks < 1 || largeForks < 1) {
            throw new IllegalArgumentException("each lane needs at least one parser process");
        }
    }
}
