package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
