package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is refused before anything starts. */
final class UpCommandTest {
    private static final List<String> SHARED = List.of(
            "--set", "kafka.bootstrap.servers=127.0.0.1:9",
            "--set", "database.url=jdbc:postgresql://127.0.0.1:9/palimpsest",
            "--set", "content.dir=content",
            "--set", "content.master.key.file=master.key");

    @TempDir
    Path dir = Path.of("");

    private final StringWriter said = new StringWriter();

    @Test
    void aWrongServiceIsRefusedWithTheRightOnes() {
        assertThat(up("--services", "ingset")).isEqualTo(1);
        assertThat(said.toString())
                .contains("PAL-701", "no service 'ingset'; did you mean ingest? There are: ingest, index");
    }

    @Test
    void aServiceOfItsOwnIsToldWhatItNeeds() {
        assertThat(up("--services", "index")).isEqualTo(1);
        assertThat(said.toString()).contains("kafka.bootstrap.servers: needed", "database.url: needed", "content.dir");
    }

    @Test
    void onlyTheIngestServiceWatchesFolders() {
        String[] arguments = Stream.concat(Stream.of("--services", "index", "--watch", "x"), SHARED.stream())
                .toArray(String[]::new);
        assertThat(up(arguments)).isEqualTo(2);
        assertThat(said.toString()).contains("--watch is work of the ingest service");
    }

    @Test
    void aFolderThatIsNotThereIsRefusedBeforeAnythingStarts() throws Exception {
        Path file = Files.writeString(dir.resolve("file.md"), "text");
        assertThat(up("--watch", dir.resolve("typo").toString())).isEqualTo(2);
        assertThat(said.toString()).contains("--watch " + dir.resolve("typo") + ": there is no such directory");
        assertThat(up("--watch", dir.toString(), "--watch", file.toString())).isEqualTo(2);
        assertThat(said.toString()).contains("--watch " + file + ": it is no directory");
        assertThat(dir.resolve("master.key")).doesNotExist();
    }

    @Test
    void helpShowsHowToRunSeveralProcesses() {
        assertThat(up("--help")).isZero();
        assertThat(said.toString()).contains("--services ingest", "instance.name=ingest-1", "index.engine=weaviate");
    }

    private int up(String... arguments) {
        CommandLine line = Main.commandLine(Map.of());
        PrintWriter out = new PrintWriter(said, true);
        line.setOut(out).setErr(out);
        line.getSubcommands().values().forEach(each -> each.setOut(out).setErr(out));
        return line.execute(Stream.concat(Stream.of("up", "--data", dir.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }
}
