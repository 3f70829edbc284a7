package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.config.Settings;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
    @TempDir
    private Path folder;

    private Database database;
    private Sql sql;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("deep/er/test.db")));
        sql = database.sql();
    }

    @AfterEach
    void close() {
        database.close();
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
    void rowsOutliveTheProcessAndMigrationsRunOnce() {
        insert("a", "1");
        database.close();
        open();

        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aFailedTransactionLeavesNothing() {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    transaction.update("INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?)", "a", "1");
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(count()).isZero();
    }

    @Test
    void aTransactionThatAnErrorEndsLeavesNothing() {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    transaction.update("INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?)", "a", "1");
                    throw new StackOverflowError("stop");
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(count()).isZero();
        insert("b", "2");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aTransactionThatCannotBeRolledBackIsLeftToThePool() {
        List<String> calls = new ArrayList<>();
        Sql failing = new Sql(only(calls));

        assertThatThrownBy(() -> failing.inTransaction(transaction -> {
                    throw new StackOverflowError("stop");
                }))
                .isInstanceOfSatisfying(
                        StackOverflowError.class,
                        e -> assertThat(e.getSuppressed()).hasSize(1));

        // Autocommit would commit what is left (JDBC: Connection.setAutoCommit).
        assertThat(calls).containsExactly("setAutoCommit false", "rollback", "close");
    }

    /** A source of one connection, whose rollback fails. */
    private static DataSource only(List<String> calls) {
        Connection connection = (Connection) Proxy.newProxyInstance(
                DatabaseTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    calls.add(arguments == null ? method.getName() : method.getName() + " " + arguments[0]);
                    if (method.getName().equals("rollback")) {
                        throw new SQLException("gone");
                    }
                    return null;
                });
        return (DataSource) Proxy.newProxyInstance(
                DatabaseTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> connection);
    }

    @Test
    void manyRowsGoInTogether() {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rows.add(new Object[] {"hash" + i, "w"});
        }

        sql.inTransaction(transaction -> {
            transaction.updateAll("INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?)", rows);
            return rows.size();
        });

        assertThat(count()).isEqualTo(100);
    }

    @Test
    void manyWritersWaitForEachOther() throws Exception {
        insert("counter", "0");
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> additions = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                additions.add(threads.submit(() -> sql.inTransaction(transaction -> {
                    int now = Integer.parseInt(transaction
                            .query("SELECT wrapped FROM document_key", row -> row.getString(1))
                            .getFirst());
                    return transaction.update("UPDATE document_key SET wrapped = ?", Integer.toString(now + 1));
                })));
            }
            for (Future<Integer> addition : additions) {
                assertThat(addition.get()).isEqualTo(1);
            }
        }
        assertThat(sql.first("SELECT wrapped FROM document_key", row -> row.getString(1)))
                .contains("200");
    }

    @Test
    void aRefusedStatementIsADatabaseFailureWithoutItsArguments() {
        insert("a", "secret");

        assertThatThrownBy(() -> insert("a", "secret"))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED))
                .message()
                .doesNotContain("secret");
    }

    @Test
    void aDatabaseThatDoesNotOpenSaysWhich() {
        DatabaseSettings nowhere =
                new DatabaseSettings("jdbc:nothing:here", "", Secret.NONE, 1, Duration.ofSeconds(1), false);

        assertThatThrownBy(() -> Database.open(nowhere))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("jdbc:nothing:here");
    }

    private void insert(String hash, String wrapped) {
        sql.update("INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?)", hash, wrapped);
    }

    private int count() {
        return sql.first("SELECT count(*) FROM document_key", row -> row.getInt(1))
                .orElseThrow();
    }
}
