package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A server that is stopped and crashed under work: nothing is lost, nothing is half there, and nobody has to do anything. */
@NeedsEngine(EngineKind.POSTGRES)
final class PostgresRestartIT {
    private static final String ROW = "INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?)"
            + " ON CONFLICT (document_hash) DO NOTHING";

    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean stopping;

    @Test
    void workGoesOnByItselfAfterStopsAndCrashesOfTheServer() throws Exception {
        try (RestartablePostgres server = RestartablePostgres.create();
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            try (Database database = Database.open(server.settings())) {
                Sql sql = database.sql();
                sql.update("INSERT INTO folder_source (folder, generation, next_sequence) VALUES ('count', 0, 0)");
                try {
                    Future<?> even = threads.submit(() -> write(sql, 0));
                    Future<?> odd = threads.submit(() -> write(sql, 1));
                    Future<?> reader = threads.submit(() -> read(sql));
                    for (boolean kill : new boolean[] {false, true, false, true}) {
                        awaitMore(200);
                        if (kill) {
                            server.crash();
                        } else {
                            server.stop();
                        }
                        // A call waits for 2 s: in the longer pause callers see failures, and try again by themselves.
                        LockSupport.parkNanos(
                                Duration.ofMillis(kill ? 3_000 : 300).toNanos());
                        server.start();
                    }
                    awaitMore(200);
                    stopping = true;
                    even.get();
                    odd.get();
                    reader.get();

                    assertThat(sql.query("SELECT document_hash FROM document_key", row -> row.getString(1)))
                            .hasSize(2 * acknowledged.size());
                    assertThat(sql.first("SELECT next_sequence FROM folder_source", row -> row.getInt(1)))
                            .as("each counted once, with %s failures seen", failures)
                            .contains(acknowledged.size());
                    assertThat(reads).hasPositiveValue();
                } finally {
                    stopping = true;
                }
            }
        }
    }

    /** Two rows and a count for each number; again, until it is known to be there. */
    private void write(Sql sql, int first) {
        for (int n = first; !stopping; n += 2) {
            String number = Integer.toString(n);
            untilDone(() -> sql.inTransaction(transaction -> {
                int added =
                        transaction.update(ROW, "a" + number, number) + transaction.update(ROW, "b" + number, number);
                return transaction.update("UPDATE folder_source SET next_sequence = next_sequence + ?", added / 2);
            }));
            acknowledged.add(n);
        }
    }

    private void read(Sql sql) {
        while (!stopping) {
            Set<Integer> before = Set.copyOf(acknowledged);
            untilDone(() -> {
                Set<String> rows = Set.copyOf(sql.query("SELECT document_hash FROM document_key", r -> r.getString(1)));
                assertThat(rows.stream().filter(row -> row.startsWith("a")).map(row -> row.substring(1)))
                        .as("pairs")
                        .allMatch(n -> rows.contains("b" + n))
                        .hasSize(rows.size() / 2);
                assertThat(before).allMatch(n -> rows.contains("a" + n));
            });
            reads.incrementAndGet();
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void untilDone(Runnable work) {
        while (true) {
            try {
                work.run();
                return;
            } catch (PalimpsestException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED);
                failures.incrementAndGet();
            }
        }
    }

    private void awaitMore(int more) {
        int wanted = acknowledged.size() + more;
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (acknowledged.size() < wanted) {
            assertThat(System.nanoTime())
                    .as("%s of %s written", acknowledged.size(), wanted)
                    .isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
