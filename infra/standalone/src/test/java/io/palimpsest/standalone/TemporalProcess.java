package io.palimpsest.standalone;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.palimpsest.embedded.TemporalProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A real Temporal server that tests end and start again on its database. */
final class TemporalProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path program;
    private final Path folder;
    private final int port;
    private Process process;

    private TemporalProcess(Path program, Path folder, int port) throws IOException {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    /** The test is skipped where there is none. */
    static Path program() {
        Optional<TemporalProgram> program = TemporalProgram.find(
                Optional.ofNullable(System.getenv("TESTKIT_TEMPORAL_PROGRAM"))
                        .map(Path::of)
                        .filter(Files::isExecutable),
                Optional.ofNullable(System.getenv("PATH")).orElse(""));
        assumeTrue(program.isPresent(), "no temporal program: " + TemporalProgram.HOW_TO_GET);
        return program.orElseThrow().file();
    }

    /** Returns when it accepts connections. */
    static TemporalProcess start(Path folder) throws Exception {
        Files.createDirectories(folder);
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(HOST, 0));
            int port = socket.getLocalPort();
            socket.close();
            TemporalProcess started = new TemporalProcess(program(), folder, port);
            started.awaitAnswer();
            return started;
        }
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        program.toString(),
                        "server",
                        "start-dev",
                        "--ip",
                        HOST,
                        "--port",
                        Integer.toString(port),
                        "--headless",
                        "--db-filename",
                        folder.resolve("temporal.db").toString(),
                        "--sqlite-pragma",
                        "journal_mode=WAL",
                        "--sqlite-pragma",
                        "synchronous=NORMAL",
                        "--log-level",
                        "error")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("temporal.log").toFile())
                .start();
    }

    /** {@code host:port}. */
    String address() {
        return HOST + ":" + port;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void startAgain() throws Exception {
        process = launch();
        awaitAnswer();
    }

    void killAndStartAgain() throws Exception {
        kill();
        startAgain();
    }

    private void awaitAnswer() throws Exception {
        House.until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(HOST, port), 500);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
