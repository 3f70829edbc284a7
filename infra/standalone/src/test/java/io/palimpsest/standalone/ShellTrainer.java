package io.palimpsest.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A command that hands over a model at once, or when it is let: the encoder of {@link HalfBlind}, or a file that is there. It ends
 * with whoever started it, by the end of its standard input.
 */
final class ShellTrainer {
    private final Path folder;

    private ShellTrainer(Path folder) {
        this.folder = folder;
    }

    /** Gives an encoder of one node and no weights. */
    static ShellTrainer ofNothing(Path folder) throws IOException {
        return write(folder, "printf '\\072\\005\\012\\003\\032\\001n' > \"$PALIMPSEST_OUTPUT/model.onnx\"", 1024);
    }

    static ShellTrainer of(Path folder, Path onnx, int dimensions) throws IOException {
        return write(folder, "cp '" + onnx + "' \"$PALIMPSEST_OUTPUT/model.onnx\"", dimensions);
    }

    private static ShellTrainer write(Path folder, String hand, int dimensions) throws IOException {
        Files.createDirectories(folder);
        Path script = folder.resolve("train.sh");
        Files.writeString(script, """
                #!/bin/sh
                exec 3<&0
                (cat <&3; kill -9 $$) > /dev/null 2>&1 &
                echo $$ >> '%1$s/begun'
                while [ -e '%1$s/hold' ]; do echo waiting; sleep 0.1; done
                %2$s
                echo '{"kind":"ENCODER","dimensions":%3$d,"maxTokens":512}' > "$PALIMPSEST_OUTPUT/model.json"
                echo done >> '%1$s/done'
                """.formatted(folder, hand, dimensions));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ShellTrainer(folder);
    }

    Path program() {
        return folder.resolve("train.sh");
    }

    /** Trainings go on until {@link #release}. */
    void hold() throws IOException {
        Files.writeString(folder.resolve("hold"), "");
    }

    void release() throws IOException {
        Files.deleteIfExists(folder.resolve("hold"));
    }

    int begun() throws IOException {
        return lines("begun");
    }

    /** Whether any training's process is there, whoever started it. */
    boolean isRunning() throws IOException {
        Path file = folder.resolve("begun");
        return Files.exists(file)
                && Files.readAllLines(file).stream()
                        .map(pid -> ProcessHandle.of(Long.parseLong(pid)))
                        .anyMatch(process -> process.flatMap(it -> it.info().command())
                                .isPresent()); // none: ended, and nobody has taken note
    }

    int done() throws IOException {
        return lines("done");
    }

    private int lines(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? List.copyOf(Files.readAllLines(file)).size() : 0;
    }
}
