package io.palimpsest.standalone;

import io.palimpsest.embedded.TemporalProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palimpsest doctor}. */
@Command(
        name = "doctor",
        description = "Looks at this machine before 'up' does: Java, ports, disk, memory, and the temporal program.")
final class DoctorCommand implements Callable<Integer> {
    private static final long GIB = 1L << 30;
    /** Index, content and broker of a first corpus, and PyTorch's natives once something is trained. */
    private static final long LEAST_DISK = 2 * GIB;

    private static final int OLDEST_JAVA = 21;

    private final Map<String, String> environment;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory that 'up' will use (default: palimpsest-data).")
    Path data = Path.of("palimpsest-data");

    DoctorCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    private boolean fit = true;

    /** 0 when 'up' can start, 1 otherwise. What only makes it less comfortable is told and does not count. */
    @Override
    public Integer call() throws IOException {
        int version = Runtime.version().feature();
        say(version >= OLDEST_JAVA, "Java " + version, "install a JDK " + OLDEST_JAVA + " or newer");
        disk();
        port(8080, "the API", "--set http.port=8081");
        port(9092, "the Kafka broker", "--set kafka.embedded.port=9093");
        temporal();
        return fit ? 0 : 1;
    }

    private void disk() throws IOException {
        Path existing = existing(data.toAbsolutePath());
        long free = Files.getFileStore(existing).getUsableSpace();
        say(Files.isWritable(existing), existing + " can be written to", "choose another data directory with --data");
        say(
                free >= LEAST_DISK,
                free / GIB + " GiB are free there",
                "make room: " + LEAST_DISK / GIB + " GiB are needed to begin with");
    }

    private static Path existing(Path path) {
        Path parent = path.getParent();
        return Files.exists(path) || parent == null ? path : existing(parent);
    }

    private void port(int port, String what, String instead) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            say(true, "port " + port + " is free for " + what, "");
        } catch (IOException e) {
            say(false, "port " + port + " is taken", "end what listens there, or give 'up' another: " + instead);
        }
    }

    private void temporal() {
        Optional<TemporalProgram> program =
                TemporalProgram.find(Optional.empty(), environment.getOrDefault("PATH", ""));
        spec.commandLine()
                .getOut()
                .println(program.map(found -> "ok    workflows run on " + found.file() + ", with Temporal's UI")
                        .orElse("note  workflows run in memory, without a UI. For one, " + TemporalProgram.HOW_TO_GET));
    }

    private void say(boolean fine, String fact, String remedy) {
        fit &= fine;
        spec.commandLine().getOut().println((fine ? "ok    " : "NOT   ") + fact + (fine ? "" : ": " + remedy));
    }
}
