package io.palimpsest.testkit.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A real MLflow server as a process of the test's own, with its database and artefacts in a folder: ended, and started again on them.
 *
 * <p><b>Failure:</b> the test is skipped where there is no program; {@code infra/testkit/images/ensure-mlflow} makes one.
 */
public final class MlflowProcess implements AutoCloseable {
    /** Names the program. */
    public static final String VARIABLE = "TESTKIT_MLFLOW_PROGRAM";

    /** Imports take 20 s on two busy cores. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

    private final Path program;
    private final Path folder;
    private final int port;
    private Process process;

    private MlflowProcess(Path program, Path folder, int port) throws IOException {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    /** Returns when it answers. */
    public static MlflowProcess start(Path folder) throws IOException, InterruptedException {
        Optional<Path> program =
                Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).filter(Files::isExecutable);
        assumeTrue(
                program.isPresent(),
                "Engine missing: no MLflow server; infra/testkit/images/ensure-mlflow makes one, and " + VARIABLE
                        + " names it");
        Files.createDirectories(folder);
        try (ServerSocket socket = new ServerSocket(0)) {
            int port = socket.getLocalPort();
            socket.close();
            MlflowProcess started = new MlflowProcess(program.orElseThrow(), folder, port);
            started.awaitAnswer();
            return started;
        }
    }

    public String uri() {
        return "http://127.0.0.1:" + port;
    }

    /** Ends it, as a crash would; its files stay. */
    public void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /** On the same port and files. */
    public void startAgain() throws IOException, InterruptedException {
        process = launch();
        awaitAnswer();
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        program.toString(),
                        "server",
                        "--workers",
                        "1",
                        "--backend-store-uri",
                        "sqlite:///" + folder.resolve("mlflow.db").toAbsolutePath(),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mlflow.log").toFile())
                .start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                kill();
                throw new IOException(
                        "the MLflow server does not answer:\n" + Files.readString(folder.resolve("mlflow.log")));
            }
            Thread.sleep(100);
        }
    }

    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(uri() + "/health").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(5_000);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
