package io.palimpsest.platform.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class CostBookTest {
    private static final CollectionKey DOCS = CollectionKey.of("acme", "docs");
    private static final Work INDEXING = Work.of(DOCS, WorkKind.INDEX, "model");
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Database database;
    private CostBook book;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        book = new CostBook(database.sql(), now::get);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private CostBook.Sum only() {
        assertThat(book.of(DOCS)).hasSize(1);
        return book.of(DOCS).getFirst();
    }

    @Test
    void writingAPieceOfWorkAgainChangesNothing() {
        Work training = new Work(DOCS, WorkKind.TRAINING, "lora", "r1");
        book.write("piece", training, NOON, new Spent(1_000, 500, 0, 0, 0, 10, 0));
        for (int i = 0; i < 3; i++) {
            book.write("piece", training, NOON, new Spent(9_000, 7_000, 0, 0, 0, 128, 0));
        }
        assertThat(only().all()).isEqualTo(new Spent(9_000, 7_000, 0, 0, 0, 128, 0));
        assertThat(only().runs()).isEqualTo(1);

        book.write("another try", training, NOON.plusSeconds(60), new Spent(1_000, 2_000, 0, 0, 0, 5, 0));
        assertThat(only().all().cpuMillis()).isEqualTo(9_000);
        assertThat(only().runs()).isEqualTo(1);
        assertThat(only().since()).isEqualTo(NOON);
        assertThat(book.runs(DOCS)).isEqualTo(1);
        assertThat(book.of(CollectionKey.of("acme", "other"))).isEmpty();
    }

    @Test
    void unknownTimeIsNotTakenForNone() {
        Work evaluation = new Work(DOCS, WorkKind.EVALUATION, "lora", "r1");
        book.write("a", evaluation, NOON, new Spent(4_000, Spent.UNKNOWN, 0, 0, 0, 0, 0));
        assertThat(only().all().cpuMillis()).isEqualTo(Spent.UNKNOWN);
        book.write("b", evaluation, NOON, new Spent(4_000, 100, 0, 0, 0, 0, 0));
        assertThat(only().all().cpuMillis()).isEqualTo(100);
    }

    @Test
    void whatManyThreadsAddIsWrittenOnceHoweverOftenItIsWritten() throws Exception {
        try (CostMeter meter = CostMeter.start(book, now::get)) {
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 1_000; i++) {
                    boolean writes = i % 50 == 0;
                    threads.execute(() -> {
                        meter.add(INDEXING, Duration.ofNanos(400_000), 250_000, new Spent(0, 0, 1, 6, 2, 0, 0));
                        if (writes) {
                            meter.write();
                        }
                    });
                }
            }
            meter.write();
            meter.write();
            assertThat(only().all()).isEqualTo(new Spent(400, 250, 1_000, 6_000, 2_000, 0, 0));
        }
    }

    @Test
    void aDayAndALifeHaveRowsOfTheirOwnAndAddUp() {
        try (CostMeter meter = CostMeter.start(book, now::get)) {
            meter.add(INDEXING, Duration.ofSeconds(1), 0, new Spent(0, 0, 1, 1, 1, 0, 0));
            meter.write();
            now.set(NOON.plus(Duration.ofDays(1)));
            meter.add(INDEXING, Duration.ofSeconds(1), 0, new Spent(0, 0, 1, 1, 1, 0, 0));
        }
        try (CostMeter next = CostMeter.start(book, now::get)) {
            next.add(INDEXING, Duration.ofSeconds(1), 0, new Spent(0, 0, 1, 1, 1, 0, 0));
        }
        assertThat(only().all()).isEqualTo(new Spent(3_000, 0, 3, 3, 3, 0, 0));
        assertThat(database.sql().query("SELECT cost_id FROM cost", row -> row.getString(1)))
                .hasSize(3);
    }

    @Test
    void whatTheDatabaseRefusedIsWrittenWithTheNextTurn() {
        try (CostMeter meter = CostMeter.start(book, now::get)) {
            database.sql().update("ALTER TABLE cost RENAME TO cost_away");
            meter.add(INDEXING, Duration.ofSeconds(1), 0, new Spent(0, 0, 1, 1, 1, 0, 0));
            assertThatThrownBy(meter::write).hasMessageContaining("refused");
            database.sql().update("ALTER TABLE cost_away RENAME TO cost");
            meter.write();
            assertThat(only().all().documents()).isEqualTo(1);
        }
    }
}
