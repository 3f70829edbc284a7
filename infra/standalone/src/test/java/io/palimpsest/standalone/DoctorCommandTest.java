package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class DoctorCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    private int run() {
        CommandLine line = Main.commandLine(Map.of("PATH", folder.toString()));
        line.setOut(new PrintWriter(out));
        return line.execute("doctor", "--data", folder.resolve("not/there/yet").toString());
    }

    @Test
    void saysHowToGetTemporalInOneLine() {
        run();

        assertThat(out.toString().lines().filter(line -> line.contains("go install github.com/temporalio/cli")))
                .hasSize(1);
        assertThat(out.toString()).contains("ok    Java ").contains(folder + " can be written to");
    }

    @Test
    void takenPortIsToldWithWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            try {
                taken.bind(new InetSocketAddress("127.0.0.1", 8080));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("use"); // somebody else has it: taken all the same
            }

            assertThat(run()).isEqualTo(1);
            assertThat(out.toString()).contains("NOT   port 8080 is taken").contains("http.port");
        }
    }
}
