package io.palimpsest.embedded;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Temporal's development server as a process of ours, on loopback only, its database file under a directory: workflows
 * survive any end of it. When it ends by itself it is started again on the same ports.
 *
 * <p>Threading: one thread waits for the process. Failure: {@code TEMPORAL_UNAVAILABLE} where it does not answer in time.
 */
public final class TemporalDevServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalDevServer.class);
    private static final String HOST = "127.0.0.1";
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** How often it is launched before a start fails: it ends by itself where one of its ports was taken meanwhile. */
    private static final int LAUNCHES = 3;

    private final List<String> command;
    private final Path directory;
    private final int port;
    private final int uiPort;
    private final Thread keeper;
    private volatile boolean closing;
    private volatile Process process;

    private TemporalDevServer(List<String> command, Path directory, int port, int uiPort) throws IOException {
        this.command = command;
        this.directory = directory;
        this.port = port;
        this.uiPort = uiPort;
        this.process = launch(ProcessBuilder.Redirect.appendTo(log(directory).toFile()));
        this.keeper = Thread.ofPlatform().name("temporal-dev-server").daemon().unstarted(this::keep);
    }

    /**
     * Returns when it accepts connections.
     *
     * @param directory of its database; made when absent
     * @param uiPort of the web pages where it is free; 0, or a taken one: any
     * @param searchAttributes names of the keyword attributes that workflows carry
     */
    public static TemporalDevServer start(
            TemporalProgram program, Path directory, int uiPort, List<String> searchAttributes) {
        try {
            Files.createDirectories(directory);
            endLeftOver(directory, program);
            Files.deleteIfExists(log(directory));
            long deadline = System.nanoTime() + START.toNanos();
            for (int launch = 1; ; launch++) {
                int port = freePort();
                int ui = uiPort != 0 && isFree(uiPort) ? uiPort : freePort();
                TemporalDevServer server = new TemporalDevServer(
                        command(program, directory, port, ui, searchAttributes), directory, port, ui);
                if (server.answersBy(deadline)) {
                    server.keeper.start();
                    LOG.atInfo().log("temporal listens on {}, its UI is at {}", server.address(), server.ui());
                    return server;
                }
                boolean ended = !server.process.isAlive();
                server.close();
                if (!ended || launch == LAUNCHES) {
                    throw new PalimpsestException(
                            ErrorCode.TEMPORAL_UNAVAILABLE,
                            "the temporal development server " + (ended ? "ended" : "does not answer") + " at "
                                    + server.address() + "; it says why in " + log(directory));
                }
                LOG.atWarn().log("the temporal development server ended as it started; starting it on other ports");
            }
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.TEMPORAL_UNAVAILABLE, program.file() + " could not be started: " + e.getMessage(), e);
        }
    }

    /** {@code host:port}. */
    public String address() {
        return HOST + ":" + port;
    }

    /** Address of its web pages. */
    public String ui() {
        return "http://" + HOST + ":" + uiPort;
    }

    /** Leaves the process as it is, as the end of this JVM would. */
    void abandon() {
        closing = true;
        keeper.interrupt();
    }

    /** For tests that end it. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    private static List<String> command(
            TemporalProgram program, Path directory, int port, int ui, List<String> searchAttributes) {
        List<String> command = new ArrayList<>(List.of(
                program.file().toString(),
                "server",
                "start-dev",
                "--ip",
                HOST,
                "--port",
                Integer.toString(port),
                "--ui-port",
                Integer.toString(ui),
                "--db-filename",
                directory.resolve("temporal.db").toString(),
                // Without it each step waits for the disk several times: measured, 3 workflows a second instead of 20.
                "--sqlite-pragma",
                "journal_mode=WAL",
                "--sqlite-pragma",
                "synchronous=NORMAL",
                "--log-level",
                "error"));
        for (String attribute : searchAttributes) {
            command.addAll(List.of("--search-attribute", attribute + "=Keyword"));
        }
        return command;
    }

    private Process launch(ProcessBuilder.Redirect output) throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        Files.writeString(pidFile(directory), Long.toString(started.pid()));
        return started;
    }

    /** False where it ended by itself, or is silent when the time is up. */
    private boolean answersBy(long deadline) {
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (answers(port)) {
                return process.isAlive();
            }
            pause(Duration.ofMillis(50));
        }
        return false;
    }

    private void keep() {
        while (!closing) {
            try {
                int status = process.waitFor();
                if (!closing) {
                    LOG.atWarn().log("the temporal development server ended with status {}; starting it again", status);
                    Thread.sleep(PAUSE);
                    // Not appended: what cannot be started is tried every second for as long as this JVM lives.
                    process = launch(ProcessBuilder.Redirect.to(log(directory).toFile()));
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                LOG.atError().setCause(e).log("the temporal development server cannot be started again yet");
            }
        }
    }

    /** What a killed JVM left running holds the database. */
    private static void endLeftOver(Path directory, TemporalProgram program) throws IOException {
        Path file = pidFile(directory);
        if (!Files.exists(file)) {
            return;
        }
        String pid = Files.readString(file).strip();
        Optional<ProcessHandle> left =
                pid.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
        left.filter(process -> process.info()
                        .command()
                        .filter(command -> Path.of(command)
                                .getFileName()
                                .equals(program.file().getFileName()))
                        .isPresent())
                .ifPresent(TemporalDevServer::end);
        Files.deleteIfExists(file);
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        if (!ends(process)) {
            process.destroyForcibly();
            ends(process);
        }
    }

    private static boolean ends(ProcessHandle process) {
        try {
            process.onExit().get(END.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Ends the process and waits for it. Idempotent. */
    @Override
    public void close() {
        abandon();
        try {
            keeper.join(); // it may be launching the process that is to be ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(process.toHandle());
        try {
            Files.deleteIfExists(pidFile(directory));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("the next start finds that the process has ended");
        }
    }

    private static Path log(Path directory) {
        return directory.resolve("temporal.log");
    }

    private static Path pidFile(Path directory) {
        return directory.resolve("temporal.pid");
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(HOST, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A port that stays free until the server binds it. The accepted end of a connection is closed first, so the port
     * is left in TIME_WAIT: for a minute the kernel gives it to nobody that asks for any port, and a listener may still
     * bind it by its number (temporalio/cli#564).
     */
    private static int freePort() throws IOException {
        try (ServerSocket listening = new ServerSocket()) {
            listening.bind(new InetSocketAddress(HOST, 0));
            try (Socket client = new Socket(HOST, listening.getLocalPort())) {
                listening.accept().close();
                return client.getPort();
            }
        }
    }
}
