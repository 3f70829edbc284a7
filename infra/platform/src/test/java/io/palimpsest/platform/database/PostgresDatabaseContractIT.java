package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class PostgresDatabaseContractIT extends DatabaseContract {
    private static final Duration SHORT = Duration.ofSeconds(1);

    @Override
    TestDatabases databases() {
        return TestDatabases.postgres();
    }

    @Test
    void processesThatStartTogetherMigrateOnce() throws Exception {
        DatabaseSettings empty = databases.fresh();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Database>> opening = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                opening.add(threads.submit(() -> Database.open(empty)));
            }
            for (Future<Database> one : opening) {
                one.get().close();
            }
        }
    }

    @Test
    void connectionsThatTheServerEndedAreReplacedUnseen() throws Exception {
        insert("counter", "0");
        AtomicInteger runs = new AtomicInteger();

        int changed = sql.inTransaction(transaction -> {
            transaction.update("UPDATE document_key SET wrapped = '0'");
            if (runs.incrementAndGet() == 1) {
                endAllConnections();
            }
            return transaction.update("UPDATE document_key SET wrapped = '1'");
        });
        endAllConnections();

        assertThat(changed).isEqualTo(1);
        assertThat(runs).hasValue(2);
        assertThat(read("counter")).isEqualTo("1");
        endAllConnections();
        assertThat(sql.update("UPDATE document_key SET wrapped = '2'")).isEqualTo(1);
    }

    @Test
    void aWrongPasswordIsNamedAndNotWaitedWith() {
        DatabaseSettings wrong = with(settings.url(), settings.user(), "not-the-secret");
        try {
            DriverManager.getConnection(
                            wrong.url(), wrong.user(), wrong.password().value())
                    .close();
            Assumptions.abort("this server trusts everyone");
        } catch (SQLException e) {
            assertThat(e.getSQLState()).startsWith("28");
        }

        long begun = System.nanoTime();
        assertInvalid(wrong, "does not let user", settings.user(), "database.password");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertInvalid(with(settings.url(), settings.user(), ""), "does not let user", "database.password");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        String nowhere = settings.url().replaceFirst("(jdbc:postgresql://[^/]+/)[^?]*.*", "$1nowhere");

        assertInvalid(
                with(nowhere, settings.user(), settings.password().value()), nowhere, "has no database", "create");
    }

    @Test
    void anAddressWhereNobodyAnswersIsNamed() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + free + "/palimpsest";

        assertThatThrownBy(() -> Database.open(with(url + "?sslmode=disable", "u", "the-secret")))
                .satisfies(DatabaseContract::isFailureWithoutSecret)
                .hasMessageContainingAll(url, "does not answer", "database.url");
    }

    @Test
    void anAddressWhereSomethingElseStandsStillIsNamed() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/palimpsest";

            assertThatThrownBy(() -> Database.open(with(url, "u", "p")))
                    .isInstanceOf(PalimpsestException.class)
                    .hasMessageContainingAll(url, "does not answer");
        }
    }

    @Test
    void aDatabaseOfAnotherEncodingIsRefused() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        TestSchemas.execute(
                settings,
                "CREATE DATABASE " + name + " ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try {
            String url = settings.url().replaceFirst("(jdbc:postgresql://[^/]+/)[^?]*.*", "$1" + name);
            assertInvalid(with(url, settings.user(), settings.password().value()), "SQL_ASCII", "UTF8");
        } finally {
            TestSchemas.execute(settings, "DROP DATABASE " + name);
        }
    }

    @Test
    void aStandbyIsRefused() {
        assertInvalid(
                with(
                        settings.url() + "&options=-c%20default_transaction_read_only%3Don",
                        settings.user(),
                        settings.password().value()),
                "takes no writes",
                "primary");
    }

    private void endAllConnections() {
        TestSchemas.execute(
                settings,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " AND application_name = 'palimpsest' AND datname = current_database()");
    }

    private DatabaseSettings with(String url, String user, String password) {
        return new DatabaseSettings(url, user, new Secret(password), 2, SHORT, false);
    }

    private static void assertInvalid(DatabaseSettings wrong, String... words) {
        assertThatThrownBy(() -> Database.open(wrong))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContainingAll(words)
                .message()
                .doesNotContain("not-the-secret");
    }
}
