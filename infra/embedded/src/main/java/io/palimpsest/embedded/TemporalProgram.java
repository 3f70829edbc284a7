package io.palimpsest.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The {@code temporal} command-line program, whose development server is a real Temporal with a UI. */
public record TemporalProgram(Path file) {
    /** How to get it, for people. */
    public static final String HOW_TO_GET = "install the temporal CLI (https://docs.temporal.io/cli), or with Go:"
            + " go install github.com/temporalio/cli/cmd/temporal@v1.5.1";

    private static final String NAME = "temporal";

    /** The one that is named, or the first on the path. */
    public static Optional<TemporalProgram> find(Optional<Path> named, String path) {
        return named.or(() -> Arrays.stream(path.split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isBlank())
                        .map(folder -> Path.of(folder).resolve(NAME))
                        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                        .findFirst())
                .map(TemporalProgram::new);
    }
}
