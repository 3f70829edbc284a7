package io.palimpsest.retrain.cost;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.platform.config.CostSettings;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.cost.WorkKind;
import io.palimpsest.platform.database.Database;
import io.palimpsest.retrain.drift.triage.Rates;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class CostReportsTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final CostSettings FREE = new CostSettings(Optional.empty(), Optional.empty(), Optional.empty(), "");
    private static final CostSettings PRICED =
            new CostSettings(Optional.of(0.36), Optional.of(0.5), Optional.empty(), "EUR");

    private Database database;
    private CostBook book;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        book = new CostBook(database.sql(), () -> NOON);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private CostReport report(CostSettings prices) {
        return new CostReports(book, database.sql(), prices).of(DOCS);
    }

    private void indexed(String id, Spent spent) {
        book.write(id, Work.of(DOCS, WorkKind.INDEX, "model"), NOON, spent);
    }

    private void trained(String run, Spent spent) {
        book.write("t" + run, new Work(DOCS, WorkKind.TRAINING, "lora", run), NOON.plusSeconds(9), spent);
    }

    private void labelled(int grades) {
        for (int i = 0; i < grades; i++) {
            database.sql()
                    .update(
                            "INSERT INTO review_item (item_id, tenant, collection, query_key, query_sealed, asked_at,"
                                    + " document_id, passage_id, revision, generation, model, origin, frozen, priority,"
                                    + " state, opened_at) VALUES (?, ?, ?, 'q', '', 0, 'd', 'p', 1, 'g', 'm', 'o', 0, 0,"
                                    + " 'OPEN', 0)",
                            "i" + i,
                            DOCS.tenant().value(),
                            DOCS.collection().value());
            database.sql()
                    .update(
                            "INSERT INTO judgement (item_id, reviewer, grade, adjudication, given_at)"
                                    + " VALUES (?, 'ann', 2, 0, 0)",
                            "i" + i);
        }
    }

    @Test
    void reindexingStandsBesideTrainingInTotalsAndMeans() {
        indexed("a", new Spent(8_000, 6_000, 100, 600, 300, 0, 0));
        indexed("b", new Spent(2_000, 4_000, 100, 600, 100, 0, 0));
        book.write(
                "g",
                Work.of(DOCS, WorkKind.GENERATION, "g2"),
                NOON,
                new Spent(20_000, 30_000, 200, 1_200, 1_200, 0, 0));
        trained("r1", new Spent(100_000, 200_000, 0, 0, 0, 80, 0));
        trained("r2", new Spent(300_000, 400_000, 0, 0, 0, 160, 0));
        book.write(
                "e",
                new Work(DOCS, WorkKind.EVALUATION, "lora", "r2"),
                NOON,
                new Spent(10_000, Spent.UNKNOWN, 0, 0, 0, 0, 0));
        labelled(8);

        CostReport report = report(PRICED);

        assertThat(report.since()).isEqualTo(NOON);
        assertThat(report.currency()).isEqualTo("EUR");
        assertThat(report.reindexing().count()).isEqualTo(200);
        assertThat(report.reindexing().cpuSeconds()).isEqualTo(10);
        assertThat(report.reindexing().embedded()).isEqualTo(400);
        assertThat(report.reindexing().money()).isCloseTo(0.001, within(1e-9));
        assertThat(Objects.requireNonNull(report.reindexing().each()).cpuSeconds())
                .isEqualTo(0.05);
        assertThat(report.generations().embedded()).isEqualTo(1_200);
        assertThat(report.training().count()).isEqualTo(2);
        assertThat(report.training().wallSeconds()).isEqualTo(410);
        assertThat(report.training().cpuSeconds()).isEqualTo(600);
        assertThat(report.training().labels()).isEqualTo(8);
        assertThat(report.training().money()).isCloseTo(0.06 + 4, within(1e-9));
        assertThat(Objects.requireNonNull(report.training().each()).money()).isCloseTo(2.03, within(1e-9));
        assertThat(report.details())
                .extracting(CostReport.Detail::kind)
                .containsExactly("EVALUATION", "GENERATION", "INDEX", "TRAINING", "LABELLING");
        assertThat(report.details().getFirst().total().cpuSeconds()).isNull();
    }

    @Test
    void withoutPricesThereIsNoMoney() {
        indexed("a", new Spent(8_000, 6_000, 100, 600, 300, 0, 0));
        CostReport report = report(FREE);

        assertThat(report.currency()).isNull();
        assertThat(report.reindexing().money()).isNull();
        assertThat(report.training().each()).isNull();
        assertThat(report(FREE).training().cpuSeconds()).isNull();
    }

    @Test
    void anEmptyCollectionHasCostNothing() {
        CostReport report = report(PRICED);

        assertThat(report.since()).isNull();
        assertThat(report.details()).isEmpty();
        assertThat(report.reindexing().count()).isZero();
    }

    @Test
    void estimatesLearnOnlyFromEnough() {
        CostReports reports = new CostReports(book, database.sql(), FREE);
        indexed("a", new Spent(1_000, 10_000, 50, 500, 500, 0, 0));
        trained("r1", new Spent(1, 100_000, 0, 0, 0, 50, 0));
        assertThat(reports.rates(DOCS).cpuSecondsPerPassage())
                .isEqualTo(Rates.measured().cpuSecondsPerPassage());
        assertThat(reports.rates(DOCS).cpuSecondsPerStep())
                .isEqualTo(Rates.measured().cpuSecondsPerStep());
        assertThat(reports.rates(DOCS).origin())
                .isEqualTo("costs: passages by built-in rates, training by built-in rates");

        indexed("b", new Spent(1_000, 30_000, 150, 1_500, 1_500, 0, 0));
        trained("r2", new Spent(1, 100_000, 0, 0, 0, 50, 0));
        trained("r3", new Spent(1, 100_000, 0, 0, 0, 50, 0));
        Rates learned = reports.rates(DOCS);
        assertThat(learned.passagesPerDocument()).isEqualTo(10);
        assertThat(learned.cpuSecondsPerPassage()).isEqualTo(0.02);
        assertThat(learned.cpuSecondsPerStep()).isEqualTo(2);
        assertThat(learned.trainingSteps()).isEqualTo(50);
        assertThat(learned.origin())
                .isEqualTo("costs: passages as recorded (2000 embedded), training as recorded (3 runs)");
    }
}
