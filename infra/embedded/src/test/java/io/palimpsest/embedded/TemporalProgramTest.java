package io.palimpsest.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporalProgramTest {
    @TempDir
    private Path folder;

    @Test
    void firstOneOnThePathIsTakenAndANamedOneBeforeIt() throws Exception {
        Path program = Files.createFile(folder.resolve("temporal"));
        String path = "/nowhere::" + folder;
        assertThat(TemporalProgram.find(Optional.empty(), path)).isEmpty(); // not executable

        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(TemporalProgram.find(Optional.empty(), path)).contains(new TemporalProgram(program));
        assertThat(TemporalProgram.find(Optional.of(Path.of("/opt/temporal")), path))
                .contains(new TemporalProgram(Path.of("/opt/temporal")));
        assertThat(TemporalProgram.find(Optional.empty(), "")).isEmpty();
    }

    @Test
    void serverInMemoryStartsWithoutAPort() {
        try (InMemoryTemporal server = InMemoryTemporal.start()) {
            assertThat(server.channel().isShutdown()).isFalse();
        }
    }
}
