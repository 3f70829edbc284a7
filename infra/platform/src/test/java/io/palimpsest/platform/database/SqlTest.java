package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, and what is not. */
final class SqlTest {
    private final List<String> calls = new ArrayList<>();
    /** What a method of the connection fails with, how often. */
    private final Map<String, SQLException> failures = new HashMap<>();

    private int failuresLeft = 1;
    private final Sql sql = sql(source(), System::nanoTime);

    @Test
    void aTransactionThatCannotBeRolledBackIsLeftToThePool() {
        failures.put("rollback", new SQLException("gone"));

        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    throw new StackOverflowError("stop");
                }))
                .isInstanceOfSatisfying(
                        StackOverflowError.class,
                        e -> assertThat(e.getSuppressed()).hasSize(1));

        // Autocommit would commit what is left (JDBC: Connection.setAutoCommit).
        assertThat(calls).containsExactly("setAutoCommit false", "createStatement", "rollback", "close");
    }

    @Test
    void aCallWithinATransactionIsRefusedAsItMayWaitForItself() {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> sql.update("DELETE FROM document_key")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("within another");

        assertThat(sql.<Integer>inTransaction(transaction -> 7)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03", "57P01", "08006", "08003"})
    void whatWasRolledBackOrBrokeBeforeItsCommitRunsAgain(String state) {
        AtomicInteger runs = new AtomicInteger();

        int result = sql.inTransaction(transaction -> {
            if (runs.incrementAndGet() == 1) {
                throw new SQLException("not now", state);
            }
            return 7;
        });

        assertThat(result).isEqualTo(7);
        assertThat(runs).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "42P01", "53100", "22021", ""})
    void whatWouldFailAgainDoesNotRunAgain(String state) {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    runs.incrementAndGet();
                    throw new SQLException("never", state);
                }))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining(state);

        assertThat(runs).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"53100, 0", ", 13"}) // PostgreSQL, SQLite
    void aFullDiskIsNamedWithWhatToDo(@Nullable String state, int code) {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    throw new SQLException("could not extend file", state, code);
                }))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED))
                .hasMessageContaining("has no room left on its disk: make some");
    }

    @ParameterizedTest
    @CsvSource({
        "42501, make that user the owner of the tables",
        "42P01, start all processes in one version",
        "57014, raise statement_timeout",
        "53200, lacks memory",
        "23505, report the defect"
    })
    void aRefusedStatementNamesTheDatabaseAndWhatToDo(String state, String advice) {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    throw new SQLException("secret", state);
                }))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED))
                .hasMessageStartingWith("the database ")
                .hasMessageContainingAll(advice, state)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void aConnectionThatTakesNoWritesIsReplaced() {
        AtomicInteger runs = new AtomicInteger();

        int result = sql.inTransaction(transaction -> {
            if (runs.incrementAndGet() == 1) {
                throw new SQLException("cannot execute INSERT in a read-only transaction", "25006");
            }
            return 7;
        });

        assertThat(result).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "40003"})
    void aCommitThatMayHaveBeenDoneIsNotRepeated(String state) {
        failures.put("commit", new SQLException("gone", state));
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> sql.inTransaction(transaction -> runs.incrementAndGet()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED))
                .hasMessageContaining("in the middle of a commit");

        assertThat(runs).hasValue(1);
    }

    @Test
    void aCommitThatWasRefusedIsRepeated() {
        failures.put("commit", new SQLException("could not serialize", "40001"));
        AtomicInteger runs = new AtomicInteger();

        int result = sql.inTransaction(transaction -> runs.incrementAndGet());

        assertThat(result).isEqualTo(2);
    }

    @Test
    void whatWasCommittedIsNotRepeatedWhenTheConnectionThenBreaks() {
        failures.put("setAutoCommit true", new SQLException("gone", "08006"));
        failures.put("close", new SQLException("gone", "08006"));
        failuresLeft = 10;

        int result = sql.inTransaction(transaction -> 7);

        assertThat(result).isEqualTo(7);
        assertThat(calls).containsOnlyOnce("commit");
    }

    @Test
    void aConflictThatDoesNotEndIsAFailure() {
        failures.put("commit", new SQLException("could not serialize", "40001"));
        failuresLeft = Integer.MAX_VALUE;

        assertThatThrownBy(() -> sql.inTransaction(transaction -> 0))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("40001");
    }

    @Test
    void aPoolWithoutConnectionsIsNotAskedAgain() {
        failures.put("getConnection", new SQLException("timed out", null, new SQLException("refused", "08001")));
        failuresLeft = 10;

        assertThatThrownBy(() -> sql.query("SELECT 1", row -> 1))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("08001");

        assertThat(calls).containsExactly("getConnection");
    }

    @Test
    void aLongAbsenceIsToldAtOnceToAllButOne() throws Exception {
        AtomicLong now = new AtomicLong(1);
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        SQLException gone = new SQLException("refused", "08001");
        Sql away = sql(
                proxy(DataSource.class, () -> {
                    if (asked.incrementAndGet() == 3) {
                        waiting.countDown();
                        end.await();
                    }
                    throw gone;
                }),
                now::get);
        assertAway(away);
        assertAway(away);
        now.addAndGet(Duration.ofSeconds(11).toNanos());
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> probing = threads.submit(() -> assertAway(away));
            waiting.await();
            assertAway(away);
            assertThat(asked).hasValue(3);
            end.countDown();
            probing.get();
        }
        assertAway(away);
        assertThat(asked).hasValue(4);
    }

    private static void assertAway(Sql away) {
        assertThatThrownBy(() -> away.query("SELECT 1", row -> 1))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
    }

    @Test
    void aDatabaseThatIsNotKnownSaysWhich() {
        DatabaseSettings nowhere =
                new DatabaseSettings("jdbc:nothing:here", "", Secret.NONE, 1, Duration.ofSeconds(1), false);

        assertThatThrownBy(() -> Database.open(nowhere))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("jdbc:nothing:here");
    }

    @Test
    void aServerThatCannotBeUsedSaysWhatToDo() {
        assertThat(new PostgresServer.Facts(120_022, "UTF8", false).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("version 12", "13 or newer"));
        assertThat(new PostgresServer.Facts(180_001, "SQL_ASCII", false).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("SQL_ASCII", "ENCODING 'UTF8'"));
        assertThat(new PostgresServer.Facts(150_000, "UTF8", true).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("primary"));
        assertThat(new PostgresServer.Facts(130_000, "UTF8", false).problem()).isEmpty();
    }

    private static Sql sql(DataSource source, LongSupplier nanos) {
        return new Sql(new Connections(source, () -> true, nanos));
    }

    private DataSource source() {
        Statement statement = proxy(Statement.class, () -> false);
        Connection connection = proxy(Connection.class, () -> statement);
        return proxy(DataSource.class, () -> {
            SQLException failure = failures.get("getConnection");
            if (failure != null) {
                calls.add("getConnection");
                throw failure;
            }
            return connection;
        });
    }

    private <T> T proxy(Class<T> type, Callable<@Nullable Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                SqlTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (type == Connection.class) {
                        String call = arguments == null ? method.getName() : method.getName() + " " + arguments[0];
                        calls.add(call);
                        SQLException failure = failures.get(call);
                        if (failure != null && failuresLeft > 0) {
                            failuresLeft--;
                            throw failure;
                        }
                    }
                    return answer.call();
                }));
    }
}
