package io.palimpsest.retrain.feedback;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.feedback.QueryLogRows.caller;
import static io.palimpsest.retrain.feedback.QueryLogRows.hits;
import static io.palimpsest.retrain.feedback.QueryLogRows.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.FeedbackGiven.Kind;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class FeedbackIntakeTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Caller ANN = caller("ann", Role.SEARCH);

    @TempDir
    Path folder;

    private final QueryCipher cipher = QueryLogRows.cipher();
    private final MovableClock clock = new MovableClock(NOW);
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private TestDatabases databases;
    private Database database;
    private Sql sql;
    private FeedbackIntake intake;
    private String query;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        sql = database.sql();
        intake = new FeedbackIntake(
                sql, new LoggedQueries(sql, cipher), cipher, new KeyedDigests(new byte[32]), Duration.ofDays(7), clock);
        query = QueryLogRows.ask(sql, cipher, "how long do refunds take", NOW, hits("a", "b", "c"));
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void feedbackIsBoundToWhatProducedTheHitAndNumberedInOrder() {
        FeedbackReceipt first = give(Kind.THUMB, 1, "a");
        FeedbackReceipt second = give(Kind.CLICK, 2, null);
        FeedbackReceipt third = give(Kind.RATING, 4, null);

        assertThat(List.of(first, second, third))
                .extracting(FeedbackReceipt::sequence)
                .containsExactly(1L, 2L, 3L);
        assertThat(rows()).allSatisfy(given -> {
            assertThat(given.generation()).isEqualTo(QueryLogRows.GENERATION);
            assertThat(given.model()).isEqualTo(QueryLogRows.MODEL);
            assertThat(given.late()).isFalse();
        });
        FeedbackLog log = new FeedbackLog(sql);
        assertThat(log.last(DOCS)).isEqualTo(3);
        assertThat(log.after(DOCS, 1, 1)).containsExactly(rows().get(1));
        assertThat(log.after(CollectionKey.of("acme", "other"), 0, 9)).isEmpty();
        assertThat(rows().get(1).document()).isEqualTo(new DocumentId("b"));
        assertThat(rows().get(1).passage()).isEqualTo(passage("b"));
    }

    @Test
    void whatIsOlderThanTheRetentionGoesOnceTheTopicHasIt() {
        give(Kind.THUMB, 1, "a");
        give(Kind.CLICK, 2, null);
        FeedbackLog log = new FeedbackLog(sql);
        sql.update("UPDATE feedback SET published = 1 WHERE sequence_number = 1");

        assertThat(log.deleteBefore(clock.instant())).isZero();
        assertThat(log.deleteBefore(clock.instant().plusMillis(1))).isEqualTo(1);
        assertThat(log.after(DOCS, 0, 9))
                .singleElement()
                .satisfies(left -> assertThat(left.sequence()).isEqualTo(2));
        assertThat(log.last(DOCS)).as("numbers are not given twice").isEqualTo(2);
    }

    @Test
    void unknownForeignAndNotShownAreToldApart() {
        assertCode(
                ErrorCode.FEEDBACK_QUERY_UNKNOWN,
                () -> intake.take(
                        ANN, new FeedbackRequest(UUID.randomUUID().toString(), Kind.THUMB, 1, null, null, null)));
        FeedbackRequest right = new FeedbackRequest(query, Kind.THUMB, 1, null, null, null);
        assertCode(ErrorCode.FEEDBACK_QUERY_UNKNOWN, () -> intake.take(QueryLogRows.callerOf("other", "docs"), right));
        assertCode(ErrorCode.FEEDBACK_QUERY_UNKNOWN, () -> intake.take(QueryLogRows.callerOf("acme", "other"), right));
        assertCode(ErrorCode.FEEDBACK_HIT_NOT_SHOWN, () -> give(Kind.THUMB, 1, "z"));
        assertCode(ErrorCode.FEEDBACK_HIT_NOT_SHOWN, () -> give(Kind.CLICK, 4, null));
        assertCode(ErrorCode.FEEDBACK_HIT_NOT_SHOWN, () -> give(Kind.CLICK, 1, "b"));
        assertCode(
                ErrorCode.FEEDBACK_HIT_NOT_SHOWN,
                () -> intake.take(
                        ANN, new FeedbackRequest(query, Kind.THUMB, 1, new DocumentId("a"), passage("b"), null)));
        assertThat(rows()).isEmpty();
    }

    @Test
    void aQueryOfNowThatIsNotInTheLogYetIsToBeSentAgain() {
        long high = (clock.millis() << 16) | 0x7000L;
        String young = new UUID(high, 0x8000_0000_0000_0001L).toString();

        assertCode(
                ErrorCode.FEEDBACK_QUERY_NOT_LOGGED_YET,
                () -> intake.take(ANN, new FeedbackRequest(young, Kind.THUMB, 1, null, null, null)));
    }

    @Test
    void theSameAgainIsADuplicateAndAnotherValueIsAConflict() {
        FeedbackReceipt first = give(Kind.THUMB, 1, "a");
        FeedbackReceipt again = give(Kind.THUMB, 1, "a");

        assertThat(again.outcome()).isEqualTo(FeedbackReceipt.Outcome.DUPLICATE);
        assertThat(again.feedbackId()).isEqualTo(first.feedbackId());
        assertThat(again.sequence()).isEqualTo(first.sequence());
        assertCode(ErrorCode.FEEDBACK_ALREADY_GIVEN, () -> give(Kind.THUMB, -1, "a"));
        assertThat(give(Kind.THUMB, 1, "b").outcome()).isEqualTo(FeedbackReceipt.Outcome.TAKEN);
        assertThat(intake.take(caller("bob", Role.SEARCH), request(Kind.THUMB, 1, "a"))
                        .outcome())
                .isEqualTo(FeedbackReceipt.Outcome.TAKEN);
    }

    @Test
    void lateFeedbackIsKeptAndSaysSo() {
        clock.forward(Duration.ofDays(7).plusMillis(1));
        FeedbackReceipt late = give(Kind.THUMB, 1, "a");

        assertThat(late.outcome()).isEqualTo(FeedbackReceipt.Outcome.LATE);
        assertThat(late.code()).isEqualTo(ErrorCode.FEEDBACK_LATE.id());
        assertThat(rows())
                .singleElement()
                .satisfies(given -> assertThat(given.late()).isTrue());
    }

    @Test
    void wordsAndNamesAreInTheDatabaseSealedOnlyAndNeverOnTheTopic() throws Exception {
        intake.take(ANN, new FeedbackRequest(query, Kind.CORRECTION, null, null, null, "secretword, not five days"));
        MockProducer<String, FeedbackGiven> producer = producer();
        outbox(producer).publishSome();

        assertThat(sql.query("SELECT * FROM feedback", row -> {
                    StringBuilder all = new StringBuilder();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        all.append(row.getString(i)).append('|');
                    }
                    return all.toString();
                }))
                .singleElement()
                .asString()
                .doesNotContain("secretword", "|ann|", "refunds");
        assertThat(producer.history())
                .singleElement()
                .satisfies(record -> assertThat(record.value().toString()).doesNotContain("secretword", "ann"));
    }

    @Test
    void rowAndRecordAgreeAndAKillBetweenThemSendsTheSameAgain() throws Exception {
        give(Kind.THUMB, 1, "a");
        give(Kind.THUMB, -1, "b");
        MockProducer<String, FeedbackGiven> producer = producer();
        outbox(producer).publishSome();
        sql.update("UPDATE feedback SET published = 0"); // as a kill before the mark leaves it
        outbox(producer).publishSome();
        assertThat(outbox(producer).publishSome()).isZero();

        assertThat(producer.history())
                .extracting(ProducerRecord::value)
                .containsExactly(rows().get(0), rows().get(1), rows().get(0), rows().get(1));
        assertThat(producer.history()).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo(Topics.FEEDBACK_GIVEN.name());
            assertThat(record.key()).isEqualTo(DOCS.toString());
        });
        assertThat(ledger).hasSize(4);
        assertThat(ledger.stream().map(LedgerEntry::entryId).distinct()).hasSize(2);
    }

    @Test
    void ofManyAtOnceEachHasItsOwnNumberAndNoneIsMissing() throws Exception {
        List<Callable<FeedbackReceipt>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Caller one = caller("caller" + i, Role.SEARCH);
            calls.add(() -> intake.take(one, request(Kind.THUMB, 1, "a")));
        }
        List<Long> sequences = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (Future<FeedbackReceipt> each : pool.invokeAll(calls)) {
                sequences.add(each.get().sequence());
            }
        }
        assertThat(sequences)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 40).boxed().toList());
    }

    @Test
    void theOutboxPublishesByItselfAndClosesAfterwards() throws Exception {
        MockProducer<String, FeedbackGiven> producer = producer();
        try (FeedbackOutbox outbox = outbox(producer).start()) {
            give(Kind.THUMB, 1, "a");
            outbox.wake();
            Instant end = Instant.now().plusSeconds(20);
            while (producer.history().isEmpty() && Instant.now().isBefore(end)) {
                Thread.onSpinWait();
            }
            assertThat(outbox.healthy()).isTrue();
        }
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void feedbackOnAQueryWithoutAGenerationIsOnNothing() {
        String nothing = QueryLogRows.write(
                sql,
                cipher,
                new LoggedQuery(
                        UUID.randomUUID().toString(),
                        DOCS,
                        "ann",
                        new LoggedQuery.Asked("x"),
                        null,
                        null,
                        false,
                        false,
                        List.of(),
                        NOW));
        assertCode(
                ErrorCode.FEEDBACK_QUERY_UNKNOWN,
                () -> intake.take(ANN, new FeedbackRequest(nothing, Kind.THUMB, 1, null, null, null)));
    }

    @Test
    void aQueryKeyDoesNotDependOnCaseOrSpacesButOnTheCollection() {
        KeyedDigests digests = new KeyedDigests(new byte[32]);
        assertThat(digests.queryKey(DOCS, " How  long? ")).isEqualTo(digests.queryKey(DOCS, "how long?"));
        assertThat(digests.queryKey(DOCS, "how long?"))
                .isNotEqualTo(digests.queryKey(CollectionKey.of("acme", "other"), "how long?"))
                .hasSize(32);
    }

    private FeedbackReceipt give(Kind kind, int value, @Nullable String document) {
        return intake.take(ANN, request(kind, value, document));
    }

    private FeedbackRequest request(Kind kind, int value, @Nullable String document) {
        return new FeedbackRequest(query, kind, value, document == null ? null : new DocumentId(document), null, null);
    }

    private List<FeedbackGiven> rows() {
        return sql.query("SELECT * FROM feedback ORDER BY sequence_number", FeedbackOutbox::read);
    }

    @Test
    void feedbackThatIsNotAcknowledgedWaitsAndSaysWhatToDo() throws Exception {
        give(Kind.THUMB, 1, "a");
        MockProducer<String, FeedbackGiven> producer = producer();
        producer.sendException = new TimeoutException("expired");

        assertThatThrownBy(() -> outbox(producer).publishSome())
                .hasMessageContainingAll(
                        "Kafka at kafka:9092", Topics.FEEDBACK_GIVEN.name(), "see that its brokers run");
        producer.sendException = null;
        assertThat(outbox(producer).publishSome()).isEqualTo(1);
    }

    private FeedbackOutbox outbox(MockProducer<String, FeedbackGiven> producer) {
        return new FeedbackOutbox(sql, producer, "kafka:9092", new LedgerEntries(new byte[32]), ledger::add);
    }

    private static MockProducer<String, FeedbackGiven> producer() {
        return new MockProducer<>(
                true,
                null,
                Topics.FEEDBACK_GIVEN.key().serializer(),
                Topics.FEEDBACK_GIVEN.value().serializer());
    }

    private static void assertCode(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
