package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SqliteDatabaseContractTest extends DatabaseContract {
    @Override
    TestDatabases databases() {
        return TestDatabases.files(folder.resolve("deep/er"));
    }

    @Test
    void sqliteRunsInWalModeAndWaitsForOtherWriters() {
        assertThat(sql.first("PRAGMA journal_mode", row -> row.getString(1))).contains("wal");
        assertThat(sql.first("PRAGMA synchronous", row -> row.getInt(1))).contains(1);
        assertThat(sql.first("PRAGMA foreign_keys", row -> row.getInt(1))).contains(1);
        assertThat(sql.first("PRAGMA secure_delete", row -> row.getInt(1))).contains(1);
        assertThat(sql.first("PRAGMA busy_timeout", row -> row.getInt(1))).contains(10_000);
    }

    @Test
    void aTransactionThatFoundTheDatabaseBusyLeavesItsConnectionWhole() throws SQLException {
        try (Database impatient = Database.open(ofOneConnection(Duration.ofMillis(20)));
                Connection other = DriverManager.getConnection(settings.url());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> add(impatient.sql(), "a"))
                    .isInstanceOf(PalimpsestException.class)
                    .hasMessageContainingAll("busy with other transactions", "(code 5)");
            statement.execute("COMMIT");

            assertAllOrNothing(impatient.sql());
        }
    }

    @Test
    void aTransactionThatSqliteEndedItselfLeavesItsConnectionWhole() {
        try (Database narrow = Database.open(ofOneConnection(Duration.ofSeconds(1)))) {
            assertThatThrownBy(() -> narrow.sql().inTransaction(transaction -> {
                        transaction.query("PRAGMA max_page_count = 1", row -> 0); // of this connection
                        return transaction.update(INSERT, "big", "x".repeat(1_000_000));
                    }))
                    .isInstanceOf(PalimpsestException.class)
                    .hasMessageContaining("has no room left");

            assertAllOrNothing(narrow.sql());
        }
    }

    /** Each is done once or not at all, however short the wait and however many there are. */
    @Test
    void whatIsCommittedIsNotDoneAgain() throws Exception {
        insert("counter", "0");
        AtomicInteger done = new AtomicInteger();
        try (Database impatient =
                Database.open(new DatabaseSettings(settings.url(), "", Secret.NONE, 8, Duration.ofMillis(1), false))) {
            together(400, () -> {
                try {
                    int unused = impatient.sql().inTransaction(this::addOne);
                    done.incrementAndGet();
                } catch (PalimpsestException e) {
                    assertThat(e).hasMessageContaining("busy with other transactions");
                }
            });
        }
        assertThat(read("counter")).isEqualTo(done.toString());
    }

    private DatabaseSettings ofOneConnection(Duration patience) {
        return new DatabaseSettings(settings.url(), "", Secret.NONE, 1, patience, false);
    }

    private static int add(Sql one, String hash) {
        return one.inTransaction(transaction -> transaction.update(INSERT, hash, "1"));
    }

    private void assertAllOrNothing(Sql one) {
        assertThatThrownBy(() -> one.inTransaction(transaction -> {
                    transaction.update(INSERT, "half", "1");
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(add(one, "whole")).isEqualTo(1);
        assertThat(sql.query("SELECT document_hash FROM document_key", row -> row.getString(1)))
                .containsExactly("whole");
    }

    @Test
    void keysOfSyncedContentSurviveLossOfPower() {
        Settings synced = Settings.load(Map.of("data.dir", folder.toString(), "content.sync", "true"));
        try (Database durable = Database.open(synced.database())) {
            assertThat(durable.sql().first("PRAGMA synchronous", row -> row.getInt(1)))
                    .contains(2);
        }
    }

    @Test
    void aFileOfSomethingElseIsNamedWithWhatToDo() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.db"), "This is no database. ".repeat(1_000));

        assertThatThrownBy(() -> Database.open(DatabaseSettings.inFile(file)))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED))
                .hasMessageStartingWith("the database at jdbc:sqlite:" + file)
                .hasMessageContaining("restore a backup");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedWithWhatToDo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");

        assertThatThrownBy(() -> Database.open(DatabaseSettings.inFile(file.resolve("palimpsest.db"))))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageStartingWith("the database at jdbc:sqlite:" + file)
                .hasMessageContaining("data.dir");
    }
}
