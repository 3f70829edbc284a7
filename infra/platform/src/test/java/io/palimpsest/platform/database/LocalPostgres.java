package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server that a test may stop and start, on 127.0.0.1: made of the programs that the machine has, with real
 * writes to the disk. As root it runs as the user postgres, for it refuses root.
 */
final class LocalPostgres implements RestartableServer {
    private static final String GIVEN = "PALIMPSEST_TEST_POSTGRES_PROGRAMS";
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String PASSWORD = "secret-of-a-test";
    private static final boolean ROOT = System.getProperty("user.name", "").equals("root");

    private final Path programs;
    private final Path home;
    private final int port;

    private LocalPostgres(Path programs, Path home, int port) {
        this.programs = programs;
        this.home = home;
        this.port = port;
    }

    /** Where {@value #GIVEN} (system property) says, or the newest that are installed; empty where there are none. */
    static Optional<Path> programs() {
        String given = System.getProperty(GIVEN);
        if (given != null) {
            return Optional.of(Path.of(given)).filter(bin -> Files.isExecutable(bin.resolve("initdb")));
        }
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new server, started. */
    static LocalPostgres create(Path programs) throws IOException {
        Path home = Files.createTempDirectory(
                "palimpsest-postgres",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (ROOT) {
            run(List.of("chown", "postgres", home.toString()));
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        LocalPostgres server = new LocalPostgres(programs, home, port);
        server.asItsUser(
                "sh",
                "-c",
                "echo " + PASSWORD + " > " + home + "/password && " + programs + "/initdb -D " + home
                        + "/data -U palimpsest --pwfile=" + home
                        + "/password -A scram-sha-256 -E UTF8 --locale=C.UTF-8");
        server.start();
        return server;
    }

    @Override
    public DatabaseSettings settings() {
        return new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "palimpsest",
                new Secret(PASSWORD),
                4,
                Duration.ofSeconds(2),
                false);
    }

    @Override
    public void start() {
        asItsUser(
                programs + "/pg_ctl",
                "-D",
                home + "/data",
                "-w",
                "-l",
                home + "/log",
                "-o",
                "-h 127.0.0.1 -p " + port + " -k " + home,
                "start");
    }

    @Override
    public void stop() {
        stop("fast");
    }

    @Override
    public void crash() {
        stop("immediate");
    }

    private void stop(String mode) {
        asItsUser(programs + "/pg_ctl", "-D", home + "/data", "-w", "-m", mode, "stop");
    }

    @Override
    public void close() {
        try {
            crash();
        } catch (IllegalStateException e) {
            // It does not run.
        }
        run(List.of("rm", "-rf", home.toString()));
    }

    private void asItsUser(String... command) {
        List<String> all = new ArrayList<>();
        if (ROOT) {
            all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        all.addAll(List.of(command));
        run(all);
    }

    private static void run(List<String> command) {
        try {
            // Not a pipe: the server would keep it open.
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("failed: " + command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
