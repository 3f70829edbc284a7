package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the database is.
 *
 * @param sync whether a commit of SQLite survives loss of power: it has the keys of the stored content
 */
public record DatabaseSettings(
        String url, String user, Secret password, int poolSize, Duration busyTimeout, boolean sync) {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final Pattern PASSWORD = Pattern.compile("[?&](ssl)?password=", Pattern.CASE_INSENSITIVE);

    /** SQLite in the given file, everything else by default. */
    public static DatabaseSettings inFile(Path file) {
        return new DatabaseSettings(sqlite(file), "", Secret.NONE, 4, Duration.ofSeconds(10), false);
    }

    private static String sqlite(Path file) {
        return SQLITE + file;
    }

    /** The database's own files; none where it is a server's. */
    public List<Path> files() {
        if (!url.startsWith(SQLITE)) {
            return List.of();
        }
        String file = url.substring(SQLITE.length()).replaceFirst("\\?.*", "");
        return Stream.of("", "-wal", "-shm", "-journal")
                .map(suffix -> Path.of(file + suffix))
                .toList();
    }

    /** Why an address cannot be taken. */
    static Optional<String> problem(String url) {
        if (PASSWORD.matcher(url).find()) {
            return Optional.of("database.url: give the password as database.password: addresses are shown and logged");
        }
        return url.startsWith(SQLITE) || url.startsWith(POSTGRESQL)
                ? Optional.empty()
                : Optional.of("database.url: must begin with " + POSTGRESQL + "// or " + SQLITE);
    }

    static void define(Definition definition) {
        definition
                .group("Database")
                .text(
                        "database.url",
                        "",
                        "JDBC address, such as jdbc:postgresql://HOST:5432/DATABASE. Empty: SQLite in the data directory.")
                .text("database.user", "", "User, for databases that have users.")
                .secret("database.password", "Password of the user.")
                .integer("database.pool.size", 4, 1, 100, "Connections held by each process.")
                .number(
                        "database.busy.timeout.ms",
                        10_000,
                        0,
                        "How long a call waits: for another writer (SQLite), for a connection to a server.");
    }

    static DatabaseSettings of(Values values, Path dataDir) {
        return new DatabaseSettings(
                values.optional("database.url").orElse(sqlite(dataDir.resolve("palimpsest.db"))),
                values.text("database.user"),
                values.secret("database.password"),
                values.integer("database.pool.size"),
                values.millis("database.busy.timeout.ms"),
                values.flag("content.sync"));
    }
}
