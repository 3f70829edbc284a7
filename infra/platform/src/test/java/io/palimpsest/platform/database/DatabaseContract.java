package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.platform.config.DatabaseSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every database must keep to. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class DatabaseContract {
    static final String INSERT = "INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?)";
    private static final String READ = "SELECT wrapped FROM document_key WHERE document_hash = ?";
    private static final String SET = "UPDATE document_key SET wrapped = ? WHERE document_hash = ?";

    @TempDir
    Path folder;

    TestDatabases databases;
    DatabaseSettings settings;
    Database database;
    Sql sql;

    abstract TestDatabases databases();

    @BeforeEach
    void open() {
        databases = databases();
        settings = databases.fresh();
        reopen();
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
        databases.close();
    }

    void reopen() {
        database = Database.open(settings);
        sql = database.sql();
    }

    @Test
    void rowsOutliveTheProcessAndMigrationsRunOnce() {
        insert("a", "1");
        database.close();
        reopen();

        assertThat(count()).isEqualTo(1);
    }

    @Test
    void tablesOfANewerVersionAreLeftAloneAndSaidToBe() throws SQLException {
        database.close();
        execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                + " installed_by, execution_time, success) SELECT 9999, '9999', 'newer', type, 'V9999__newer.sql',"
                + " checksum, installed_by, execution_time, success FROM flyway_schema_history WHERE version = '1'");

        assertNotOurs("newer version (9999)", "start that version");
    }

    @Test
    void tablesThatAnotherBuildMadeDifferentlyAreSaidToBe() throws SQLException {
        database.close();
        execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '2'");

        assertNotOurs("another build made differently", "start a released version");
    }

    @Test
    void tablesOfSomethingElseAreLeftAloneAndSaidToBe() throws SQLException {
        database.close();
        settings = databases.fresh();
        execute("CREATE TABLE stranger (name TEXT)");

        assertNotOurs("tables of something else", "give an empty database");
        execute("SELECT name FROM stranger");
    }

    private void assertNotOurs(String what, String toDo) {
        assertThatThrownBy(this::reopen)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageStartingWith(Dialect.name(settings.url()))
                .hasMessageContainingAll(what, toDo);
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        settings.url(), settings.user(), settings.password().value());
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    @Test
    void aFailedTransactionLeavesNothing() {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    transaction.update(INSERT, "a", "1");
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(count()).isZero();
    }

    @Test
    void aTransactionThatAnErrorEndsLeavesNothing() {
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    transaction.update(INSERT, "a", "1");
                    throw new StackOverflowError("stop");
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(count()).isZero();
        insert("b", "2");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void manyRowsGoInTogetherAndNoneIsNoWork() {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rows.add(new Object[] {"hash" + i, "w"});
        }

        sql.inTransaction(transaction -> {
            transaction.updateAll(INSERT, rows);
            transaction.updateAll(INSERT, List.of());
            return rows.size();
        });

        assertThat(count()).isEqualTo(100);
    }

    @Test
    void manyWritersLoseNoneOfEachOthersAdditions() throws Exception {
        insert("counter", "0");
        together(200, () -> sql.inTransaction(this::addOne));

        assertThat(read("counter")).isEqualTo("200");
    }

    @Test
    void writersThatTakeTurnsAreNeverRolledBack() throws Exception {
        insert("counter", "0");
        AtomicInteger runs = new AtomicInteger();
        together(
                100,
                () -> sql.inTurn("document_key", transaction -> {
                    runs.incrementAndGet();
                    return addOne(transaction);
                }));

        assertThat(read("counter")).isEqualTo("100");
        assertThat(runs).hasValue(100);
    }

    @Test
    void transactionsThatLockRowsCrosswiseBothEnd() throws Exception {
        insert("a", "0");
        insert("b", "0");
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> one = threads.submit(() -> crosswise("a", "b", both));
            Future<Integer> two = threads.submit(() -> crosswise("b", "a", both));
            assertThat(one.get() + two.get()).isEqualTo(2);
        }
        assertThat(read("a")).isEqualTo(read("b"));
    }

    @Test
    void transactionsDoWhatTheyWouldOneAfterTheOther() throws Exception {
        insert("a", "on duty");
        insert("b", "on duty");
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Boolean> one = threads.submit(() -> leaveUnlessLast("a", both));
            Future<Boolean> two = threads.submit(() -> leaveUnlessLast("b", both));
            assertThat(List.of(one.get(), two.get())).containsExactlyInAnyOrder(true, false);
        }
        assertThat(List.of(read("a"), read("b"))).containsExactlyInAnyOrder("away", "on duty");
    }

    @Test
    void aRefusedStatementIsADatabaseFailureThatTellsNoArguments() {
        insert("a", "secret");

        assertThatThrownBy(() -> insert("a", "secret")).satisfies(DatabaseContract::isFailureWithoutSecret);
        assertThatThrownBy(() -> sql.inTransaction(transaction -> {
                    transaction.updateAll(INSERT, Collections.nCopies(2, new Object[] {"secret", "secret"}));
                    return 0;
                }))
                .satisfies(DatabaseContract::isFailureWithoutSecret);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void anyTextComesBackAsItWasAndANulAsAReplacement() {
        String odd = "\u00e4 \u4e2d \ud83d\ude00 ' \" \\ % _ $1 ? \u202e \uffff \u0001 \n";
        insert("odd", odd);
        insert("nul", "before\0after");
        insert("long", "x".repeat(3_000_000));

        assertThat(read("odd")).isEqualTo(odd);
        assertThat(read("nul")).isEqualTo("before\uFFFDafter");
        assertThat(read("long")).hasSize(3_000_000);
    }

    @Test
    void bytesAndNullsComeBack() {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        sql.update("INSERT INTO embedding_cache (model, text_hash, vector) VALUES (?, ?, ?)", "m", bytes, new byte[0]);
        sql.update("INSERT INTO folder_source (folder, generation, next_sequence) VALUES (?, ?, ?)", "f", 1L << 40, 7);
        sql.update(
                "INSERT INTO folder_listing (folder, path, size, mtime, hash, sequence, published)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                "f",
                "p",
                1,
                2,
                null,
                3L,
                1);

        assertThat(sql.first("SELECT text_hash FROM embedding_cache WHERE text_hash = ?", r -> r.getBytes(1), bytes))
                .hasValueSatisfying(found -> assertThat(found).isEqualTo(bytes));
        assertThat(sql.first("SELECT generation FROM folder_source", row -> row.getLong(1)))
                .contains(1L << 40);
        assertThat(sql.query("SELECT hash FROM folder_listing", row -> String.valueOf(row.getString(1))))
                .containsExactly("null");
    }

    @Test
    void documentIdsAreInTheOrderOfTheirBytes() {
        List<String> ids = List.of("-", "1", "B", "Z", "_", "a", "a/1", "aa", "b", "\u00e9", "\u4e2d", "\ud83d\ude00");
        List<String> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, new Random(2));
        shuffled.forEach(this::insertDocument);

        assertThat(sql.query("SELECT document_id FROM document ORDER BY document_id", row -> row.getString(1)))
                .isEqualTo(ids);
        assertThat(sql.query(
                        "SELECT document_id FROM document WHERE document_id >= ? AND document_id < ? ORDER BY document_id",
                        row -> row.getString(1),
                        "a",
                        "a" + Character.toString(Character.MAX_CODE_POINT)))
                .containsExactly("a", "a/1", "aa");
    }

    @Test
    void theLongestIdFitsEveryIndex() {
        byte[] random = new byte[DocumentId.MAX_BYTES];
        new Random(3).nextBytes(random);
        String id = Base64.getEncoder().encodeToString(random).substring(0, DocumentId.MAX_BYTES);
        String key = "t".repeat(63) + "/" + "c".repeat(63) + "/" + id;
        insertDocument(id);
        sql.update(
                "INSERT INTO extraction (document_key, raw_hash, fingerprint, policy, outcome, passage_count)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                key,
                "a".repeat(64),
                "b".repeat(128),
                "c".repeat(128),
                "EMPTY",
                0);
        sql.update(
                "INSERT INTO extraction_retry (document_key, version, attempts, lane, work) VALUES (?, ?, ?, ?, ?)",
                key,
                1L,
                1,
                "SMALL",
                "{}");
        sql.update(
                "INSERT INTO folder_listing (folder, path, size, mtime, sequence, published)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                "t".repeat(63) + "/" + "c".repeat(63) + "/" + "n".repeat(255),
                id,
                1L,
                1L,
                1L,
                0);

        assertThat(sql.query("SELECT document_id FROM document", row -> row.getString(1)))
                .containsExactly(id);
    }

    int addOne(Sql.Transaction transaction) throws SQLException {
        int now = Integer.parseInt(
                transaction.query(READ, row -> row.getString(1), "counter").getFirst());
        return transaction.update(SET, Integer.toString(now + 1), "counter");
    }

    private int crosswise(String first, String second, CyclicBarrier both) {
        return sql.inTransaction(transaction -> {
            transaction.update(SET, first, first);
            meet(both);
            transaction.update(SET, first, second);
            return transaction.update(SET, first, first);
        });
    }

    private boolean leaveUnlessLast(String who, CyclicBarrier both) {
        return sql.inTransaction(transaction -> {
            int there = transaction
                    .query("SELECT wrapped FROM document_key WHERE wrapped = ?", row -> 1, "on duty")
                    .size();
            meet(both);
            return there > 1 && transaction.update(SET, "away", who) == 1;
        });
    }

    /** Where one waits for the other's lock they cannot meet, and need not. */
    private static void meet(CyclicBarrier both) {
        try {
            both.await(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | BrokenBarrierException e) {
            // Alone.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void together(int times, Runnable work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                running.add(threads.submit(work));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    static void isFailureWithoutSecret(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
        StringWriter all = new StringWriter();
        failure.printStackTrace(new PrintWriter(all, true));
        assertThat(all.toString()).doesNotContain("secret");
    }

    private void insertDocument(String id) {
        sql.update(
                "INSERT INTO document (document_key, tenant, collection, document_id, state, version, revision,"
                        + " indexed_version, indexed_revision, passages, changed_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                "t/c/" + id,
                "t".repeat(63),
                "c".repeat(63),
                id,
                "LIVE",
                1L,
                1L,
                1L,
                1L,
                1,
                1L);
    }

    void insert(String hash, String wrapped) {
        sql.update(INSERT, hash, wrapped);
    }

    String read(String hash) {
        return sql.first(READ, row -> row.getString(1), hash).orElseThrow();
    }

    int count() {
        return sql.first("SELECT count(*) FROM document_key", row -> row.getInt(1))
                .orElseThrow();
    }
}
