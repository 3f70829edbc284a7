package io.palimpsest.retrain.judgement;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.feedback.QueryLogRows.caller;
import static io.palimpsest.retrain.feedback.QueryLogRows.hits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.JudgementSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.retrain.feedback.KeyedDigests;
import io.palimpsest.retrain.feedback.MovableClock;
import io.palimpsest.retrain.feedback.QueryLogRows;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class JudgementsTest {
    private static final Caller ANN = caller("ann", Role.REVIEW);
    private static final Caller BOB = caller("bob", Role.REVIEW);
    private static final Caller CYD = caller("cyd", Role.REVIEW);
    private static final Duration TIMEOUT = Duration.ofHours(4);

    @TempDir
    Path folder;

    private final QueryCipher cipher = QueryLogRows.cipher();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-01T12:00:00Z"));
    private final Map<String, DocumentStandings.Standing> standings = new HashMap<>();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private TestDatabases databases;
    private Database database;
    private Suppressions suppressions;
    private Judgements judgements;
    private long said;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        suppressions = new Suppressions(database.sql(), new byte[32], clock);
        judgements = new Judgements(new JudgementParts(
                database.sql(),
                new LoggedQueries(database.sql(), cipher),
                cipher,
                new KeyedDigests(new byte[32]),
                place -> Optional.of("text of " + place.document().document()),
                this::standing,
                suppressions,
                new JudgementSettings(TIMEOUT, 1, 10, Duration.ofDays(14), 50, 0.2, Duration.ofDays(3), 1),
                new LedgerEntries(new byte[32]),
                ledger::add,
                clock));
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    private Optional<DocumentStandings.Standing> standing(DocumentKey document) {
        return Optional.ofNullable(standings.getOrDefault(
                document.document().value(), new DocumentStandings.Standing(1, true, false, Set.of("*"))));
    }

    @Test
    void twoReviewersWhoAgreeSettleAnItemAndNobodyIsAskedTwice() {
        ask("refunds", "a", "b");
        ReviewTask first = next(ANN);
        assertThat(first.query()).isEqualTo("refunds");
        assertThat(first.text()).isEqualTo("text of a");
        assertThat(next(ANN)).as("asked again").isEqualTo(first);
        ReviewTask second = next(BOB);
        assertThat(second.itemId()).isEqualTo(first.itemId());
        assertThat(judgements.next(CYD, DOCS)).as("two are enough").isEmpty();

        assertThat(grade(ANN, first, 2)).isEqualTo(ReviewState.OPEN);
        assertThat(judgements.next(ANN, DOCS)).isEmpty();
        assertThat(grade(BOB, second, 3)).isEqualTo(ReviewState.DONE);
        assertThat(judgements.graded(DOCS)).singleElement().satisfies(label -> {
            assertThat(label.grade()).isEqualTo(2);
            assertThat(label.query()).isEqualTo("refunds");
        });
        assertThat(ledger)
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.toString()).doesNotContain("refunds", "ann", "bob"));
    }

    @Test
    void whoDiffersByMoreThanOneGradeIsSettledByAThird() {
        ask("refunds", "a");
        grade(ANN, next(ANN), 0);
        assertThat(grade(BOB, next(BOB), 3)).isEqualTo(ReviewState.ADJUDICATE);
        assertThat(judgements.next(ANN, DOCS)).isEmpty();
        ReviewTask third = next(CYD);
        assertThat(third.adjudication()).isTrue();
        assertThat(judgements.next(caller("dan", Role.REVIEW), DOCS))
                .as("one settles")
                .isEmpty();
        assertThat(grade(CYD, third, 3)).isEqualTo(ReviewState.DONE);
        assertThat(judgements.graded(DOCS))
                .singleElement()
                .satisfies(label -> assertThat(label.grade()).isEqualTo(3));
        ReviewCounts counts = judgements.counts(DOCS);
        assertThat(counts.grades()).isEqualTo(3);
        assertThat(counts.items()).containsEntry(ReviewState.DONE, 1L);
        assertThat(counts.alpha()).as("the third is not counted").isNotNull().isNotPositive();
    }

    @Test
    void whatIsNotGradedInTimeGoesToSomebodyElse() {
        ask("refunds", "a");
        ReviewTask first = next(ANN);
        grade(BOB, next(BOB), 1);
        assertThat(judgements.next(CYD, DOCS)).isEmpty();
        clock.forward(TIMEOUT);
        ReviewTask again = next(CYD);
        assertThat(again.itemId()).isEqualTo(first.itemId());
        assertCode(ErrorCode.REVIEW_NOT_ASSIGNED, () -> grade(ANN, first, 1));
        assertThat(grade(CYD, again, 1)).isEqualTo(ReviewState.DONE);
    }

    @Test
    void whereNothingWasRelevantTheRestOfWhatWasShownIsLookedAtToo() {
        ask("refunds", "a", "b", "c");
        grade(ANN, next(ANN), 0);
        grade(BOB, next(BOB), 0);
        assertThat(judgements.questionsSince(DOCS, Instant.EPOCH).questions()).hasSize(1);

        judgements.refill(DOCS);
        assertThat(judgements.questionsSince(DOCS, Instant.EPOCH).questions())
                .as("not before all is said")
                .isEmpty();
        assertThat(orderOf(ANN)).containsExactly("refunds", "refunds");
        assertThat(orderOf(BOB)).hasSize(2);
        judgements.refill(DOCS);
        assertThat(judgements.next(CYD, DOCS)).as("there is no more").isEmpty();
        assertThat(judgements.questionsSince(DOCS, Instant.EPOCH).questions())
                .singleElement()
                .satisfies(question -> {
                    assertThat(question.isAnswerable()).isTrue();
                    assertThat(question.gains()).hasSize(3).containsEntry("a", 0);
                });
    }

    @Test
    void queriesWhoseSearchersWereNotContentComeFirst() {
        ask("alpha", "a");
        ask("beta", "b");
        ask("gamma", "c");
        say("gamma", -1);
        say("gamma", -1);
        say("alpha", 1);
        say("beta", -1);
        assertThat(orderOf(ANN)).startsWith("gamma", "beta").endsWith("alpha");
    }

    @Test
    void queryThatWaitsMovesUpWhenPeopleAreNotContent() {
        ask("alpha", "a");
        ask("beta", "b");
        judgements.refill(DOCS);
        String last = orderOf(ANN).getLast();
        say(last, -1);
        say(last, -1);

        clock.forward(Duration.ofMinutes(6));
        assertThat(next(BOB).query()).isEqualTo(last);
    }

    private void say(String query, int thumb) {
        said++;
        database.sql()
                .update(
                        "INSERT INTO feedback (feedback_id, tenant, collection, sequence_number, query_id, query_key, kind, score,"
                                + " generation, model, late, given_at, digest, sealed, published)"
                                + " VALUES (?, 'acme', 'docs', ?, ?, ?, 'THUMB', ?, 'g1', 'm', 0, ?, 'd', 's', 1)",
                        "f" + said,
                        said,
                        "q" + said,
                        new KeyedDigests(new byte[32]).queryKey(DOCS, query),
                        thumb,
                        clock.millis());
    }

    /** Queries as this reviewer gets them, graded as they come. */
    private List<String> orderOf(Caller reviewer) {
        List<String> order = new ArrayList<>();
        Optional<ReviewTask> task = judgements.next(reviewer, DOCS);
        while (task.isPresent()) {
            order.add(task.get().query());
            grade(reviewer, task.get(), 1);
            task = judgements.next(reviewer, DOCS);
        }
        return order;
    }

    @Test
    void gradesOutsideTheScaleAndOtherNonsenseAreRefused() {
        ask("refunds", "a");
        ReviewTask task = next(ANN);
        assertCode(ErrorCode.GRADE_INVALID, () -> grade(ANN, task, 4));
        assertCode(ErrorCode.GRADE_INVALID, () -> grade(ANN, task, -1));
        assertCode(ErrorCode.GRADE_INVALID, () -> judge(ANN, task, null, null));
        assertCode(ErrorCode.GRADE_INVALID, () -> judge(ANN, task, 1, "and a reason"));
        assertCode(ErrorCode.NOT_FOUND, () -> judgements.judge(ANN, DOCS, "nothing", 1, null));
        assertCode(ErrorCode.REVIEW_NOT_ASSIGNED, () -> grade(CYD, task, 1));
        grade(ANN, task, 1);
        assertThat(grade(ANN, task, 1)).as("the same again").isEqualTo(ReviewState.OPEN);
        assertCode(ErrorCode.REVIEW_NOT_ASSIGNED, () -> grade(ANN, task, 2));
    }

    @Test
    void whatTwoCannotTellIsSkipped() {
        ask("refunds", "a");
        assertThat(judge(ANN, next(ANN), null, "not my subject")).isEqualTo(ReviewState.OPEN);
        assertThat(judge(BOB, next(BOB), null, "unreadable")).isEqualTo(ReviewState.SKIPPED);
        assertThat(judgements.graded(DOCS)).isEmpty();
        assertThat(judgements.counts(DOCS).skips()).isEqualTo(2);
        assertThat(judgements.refill(DOCS)).as("not put up again").isZero();
    }

    @Test
    void reviewersSeeOnlyWhatTheyMaySee() {
        ask("refunds", "secret");
        standings.put("secret", new DocumentStandings.Standing(1, true, false, Set.of("user:bob")));
        assertThat(judgements.next(ANN, DOCS)).isEmpty();
        assertThat(judgements.next(BOB, DOCS)).isPresent();
        standings.put("secret", new DocumentStandings.Standing(2, false, false, Set.of("user:bob")));
        assertThat(judgements.next(BOB, DOCS)).as("deleted meanwhile").isEmpty();
        assertThat(judgements.counts(DOCS).items()).containsEntry(ReviewState.SKIPPED, 1L);
    }

    @Test
    void whatIsCloseDisputedOrFrequentComesFirst() {
        ask("clear", "a");
        QueryLogRows.ask(
                database.sql(),
                cipher,
                "close",
                clock.instant(),
                List.of(QueryLogRows.hit("b", 0.9f), QueryLogRows.hit("c", 0.89f)));
        assertThat(judgements.refill(DOCS)).isEqualTo(2);
        assertThat(next(ANN).query()).isEqualTo("close");
        assertThat(judgements.refill(DOCS)).as("once").isZero();
    }

    @Test
    void whatNobodyAskedIsNotGraded() {
        QueryLogRows.write(
                database.sql(),
                cipher,
                new LoggedQuery(
                        "canary",
                        DOCS,
                        "service",
                        new LoggedQuery.Asked("canary"),
                        QueryLogRows.GENERATION,
                        QueryLogRows.MODEL,
                        true,
                        false,
                        hits("a", "b"),
                        clock.instant()));
        assertThat(judgements.refill(DOCS)).isZero();
    }

    @Test
    void ofManyWhoAskAtOnceTwoHaveAnItem() throws Exception {
        ask("refunds", "a");
        List<Callable<Optional<ReviewTask>>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Caller reviewer = caller("reviewer" + i, Role.REVIEW);
            calls.add(() -> judgements.next(reviewer, DOCS));
        }
        int tasks = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
            for (Future<Optional<ReviewTask>> each : pool.invokeAll(calls)) {
                tasks += each.get().isPresent() ? 1 : 0;
            }
        }
        assertThat(tasks).isEqualTo(2);
    }

    @Test
    void judgementsInBeirsLayoutComeInAndGoOut() {
        String stream = """
                {"corpus":{"_id":"d1","title":"Refunds","text":"take five days"}}
                {"query":{"_id":"q1","text":"how long do refunds take"}}
                {"qrel":{"query-id":"q1","corpus-id":"d1","score":2}}
                """;
        BeirLines lines = BeirLines.read(new StringReader(stream));
        Judgements.ImportOptions options = new Judgements.ImportOptions("trial", "faq", true);
        assertThat(judgements.add(DOCS, lines, options)).isEqualTo(new Judgements.Taken(1, 0));
        assertThat(judgements.add(DOCS, lines, options)).isEqualTo(new Judgements.Taken(1, 0));

        assertThat(judgements.graded(DOCS)).singleElement().satisfies(label -> {
            assertThat(label.importedText()).isEqualTo("Refunds\ntake five days");
            assertThat(label.tag()).isEqualTo("faq");
            assertThat(label.frozen()).isTrue();
            BeirLines out = BeirLines.of(Map.of(label, "Refunds\ntake five days"));
            assertThat(out.qrels()).containsExactly(new BeirLines.Qrel(label.queryId(), "d1", 2));
            assertThat(BeirLines.read(new StringReader(out.stream()))).isEqualTo(out);
        });
        assertThat(database.sql()
                        .query(
                                "SELECT query_sealed, text_sealed FROM review_item",
                                row -> row.getString(1) + row.getString(2))
                        .toString())
                .doesNotContain("refunds", "five");
    }

    @Test
    void whatIsNotOfTheLayoutNamesItsLineAndQuotesNothing() {
        for (String wrong : List.of(
                "{\"qrel\":{\"query-id\":\"q\",\"corpus-id\":\"d\",\"score\":\"many\"}}",
                "{\"secretword\":1}",
                "secretword",
                "{\"corpus\":{\"_id\":\"d\"}}")) {
            assertThatThrownBy(() -> BeirLines.read(new StringReader(wrong)))
                    .isInstanceOfSatisfying(PalimpsestException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.JUDGEMENTS_MALFORMED);
                        assertThat(e).hasMessageContaining("1").hasNoCause();
                        assertThat(e.getMessage()).doesNotContain("secretword");
                    });
        }
        BeirLines high = BeirLines.read(new StringReader(
                "{\"corpus\":{\"_id\":\"d\",\"text\":\"x\"}}\n{\"query\":{\"_id\":\"q\",\"text\":\"y\"}}\n"
                        + "{\"qrel\":{\"query-id\":\"q\",\"corpus-id\":\"d\",\"score\":4}}"));
        assertCode(
                ErrorCode.GRADE_INVALID,
                () -> judgements.add(DOCS, high, new Judgements.ImportOptions("trial", null, false)));
    }

    @Test
    void whatWasErasedComesBackNeitherFromAFileNorFromAQuestionThatShowedIt() {
        String stream = """
                {"corpus":{"_id":"gone","title":"","text":"the secret"}}
                {"corpus":{"_id":"kept","title":"","text":"take five days"}}
                {"query":{"_id":"q1","text":"how long do refunds take"}}
                {"qrel":{"query-id":"q1","corpus-id":"gone","score":2}}
                {"qrel":{"query-id":"q1","corpus-id":"kept","score":2}}
                """;
        suppressions.add(DocumentKey.of(DOCS, "gone"), "erasure-1");

        assertThat(judgements.add(
                        DOCS,
                        BeirLines.read(new StringReader(stream)),
                        new Judgements.ImportOptions("trial", null, false)))
                .isEqualTo(new Judgements.Taken(1, 1));
        ask("refunds", "gone");
        ask("returns", "a");
        assertThat(next(ANN).document().value()).isEqualTo("a");
        assertThat(database.sql()
                        .query("SELECT document_id FROM review_item ORDER BY document_id", row -> row.getString(1)))
                .containsExactly("a", "kept");
    }

    private void ask(String query, String... documents) {
        QueryLogRows.ask(database.sql(), cipher, query, clock.instant(), hits(documents));
    }

    private ReviewTask next(Caller reviewer) {
        return judgements.next(reviewer, DOCS).orElseThrow();
    }

    private ReviewState grade(Caller reviewer, ReviewTask task, int grade) {
        return judge(reviewer, task, grade, null);
    }

    private ReviewState judge(Caller reviewer, ReviewTask task, @Nullable Integer grade, @Nullable String skip) {
        return judgements.judge(reviewer, DOCS, task.itemId(), grade, skip);
    }

    private static void assertCode(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
