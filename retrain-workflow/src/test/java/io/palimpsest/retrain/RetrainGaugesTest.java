package io.palimpsest.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.JudgementSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.drift.DriftStore;
import io.palimpsest.retrain.drift.policy.PolicyState;
import io.palimpsest.retrain.feedback.FeedbackOutbox;
import io.palimpsest.retrain.feedback.KeyedDigests;
import io.palimpsest.retrain.feedback.MovableClock;
import io.palimpsest.retrain.feedback.QueryLogRows;
import io.palimpsest.retrain.judgement.JudgementParts;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.workflow.FineTuneRequest;
import io.palimpsest.retrain.workflow.RolloutPace;
import io.palimpsest.retrain.workflow.RunStandings;
import io.palimpsest.retrain.workflow.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before the tests
final class RetrainGaugesTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    private Path folder;

    private final MovableClock clock = new MovableClock(NOW);
    private final Telemetry telemetry = Telemetry.local();
    private TestDatabases databases;
    private Database database;
    private Sql sql;
    private RetrainGauges gauges;

    @BeforeEach
    void open() {
        databases = TestDatabases.files(folder);
        database = Database.open(databases.fresh());
        sql = database.sql();
        QueryCipher cipher = QueryLogRows.cipher();
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        Judgements judgements = new Judgements(new JudgementParts(
                sql,
                new LoggedQueries(sql, cipher),
                cipher,
                new KeyedDigests(new byte[32]),
                place -> Optional.empty(),
                document -> Optional.empty(),
                new Suppressions(sql, new byte[32], clock),
                new JudgementSettings(Duration.ofHours(4), 1, 10, Duration.ofDays(14), 50, 0.2, Duration.ofDays(3), 1),
                entries,
                entry -> {},
                clock));
        FeedbackOutbox outbox = new FeedbackOutbox(
                sql,
                new MockProducer<>(
                        false,
                        null,
                        Topics.FEEDBACK_GIVEN.key().serializer(),
                        Topics.FEEDBACK_GIVEN.value().serializer()),
                "kafka:9092",
                entries,
                entry -> {});
        gauges = new RetrainGauges(
                new RetrainGauges.Sources(new RunStandings(sql), judgements, outbox, new DriftStore(sql)),
                telemetry,
                clock);
    }

    @AfterEach
    void close() {
        gauges.close();
        telemetry.close();
        database.close();
        databases.close();
    }

    @Test
    void beforeTheFirstLookNothingIsKnown() {
        assertThat(telemetry.scrape())
                .contains("palimpsest_runs{stage=\"train\"} NaN")
                .contains("palimpsest_review_items{state=\"open\"} NaN");
    }

    @Test
    void whereNothingGoesOnNothingWaits() {
        gauges.look();

        assertThat(telemetry.scrape())
                .contains("palimpsest_runs{stage=\"train\"} 0.0")
                .contains("palimpsest_run_stage_age_seconds{stage=\"watch\"} 0.0")
                .contains("palimpsest_approval_waiting_seconds 0.0")
                .contains("palimpsest_approval_left_seconds NaN")
                .contains("palimpsest_labels_wanted_queries 0.0")
                .contains("palimpsest_labels_agreement_alpha NaN")
                .contains("palimpsest_review_idle_seconds 0.0")
                .contains("palimpsest_feedback_waiting_seconds 0.0")
                .contains("palimpsest_drift_unwatched_collections 0.0")
                .contains("palimpsest_drift_signal_ratio{signal=\"query-embedding\"} NaN");
    }

    @Test
    void runsAndTheirStagesAreTold() {
        run("r1", 40);
        run("r2", 0);
        stage("r2", "SNAPSHOT", NOW.plusSeconds(60));
        stage("r2", "TRAIN", NOW.plusSeconds(100));
        clock.forward(Duration.ofMinutes(10));
        item("i1", "q1", "DONE", NOW);
        item("i2", "q2", "DONE", NOW);
        item("i3", "q3", "OPEN", NOW);
        gauges.look();

        assertThat(telemetry.scrape())
                .contains("palimpsest_runs{stage=\"label\"} 1.0")
                .contains("palimpsest_runs{stage=\"evaluate\"} 1.0")
                .contains("palimpsest_run_stage_age_seconds{stage=\"label\"} 600.0")
                .contains("palimpsest_run_stage_age_seconds{stage=\"evaluate\"} 500.0")
                .contains("palimpsest_labels_wanted_queries 40.0")
                .contains("palimpsest_labels_collected_queries 2.0");
    }

    @Test
    void anApprovalTellsHowLongItHasWaitedAndHowLongItMay() {
        run("r1", 0);
        sql.update(
                "INSERT INTO approval_request (run, tenant, collection, candidate, people, requested_at, expires_at, outcome)"
                        + " VALUES ('r1', 'acme', 'docs', 'm/fp32/1', 1, ?, ?, 'WAITING')",
                NOW.toEpochMilli(),
                NOW.plusSeconds(1_000).toEpochMilli());
        clock.forward(Duration.ofMinutes(5));
        gauges.look();

        assertThat(telemetry.scrape())
                .contains("palimpsest_approval_waiting_seconds 300.0")
                .contains("palimpsest_approval_left_seconds 700.0");
    }

    @Test
    void aQueueThatNobodyGradesIsIdleSinceTheLastGrade() {
        item("i1", "q1", "OPEN", NOW);
        item("i2", "q2", "DONE", NOW);
        clock.forward(Duration.ofSeconds(501));
        gauges.look();
        assertThat(telemetry.scrape())
                .contains("palimpsest_review_idle_seconds 501.0")
                .contains("palimpsest_review_items{state=\"open\"} 1.0")
                .contains("palimpsest_review_items{state=\"done\"} 1.0");

        sql.update(
                "INSERT INTO judgement (item_id, reviewer, grade, adjudication, given_at) VALUES ('i1', 'x', 2, 0, ?)",
                NOW.plusSeconds(450).toEpochMilli());
        gauges.look();
        assertThat(telemetry.scrape()).contains("palimpsest_review_idle_seconds 51.0");
    }

    @Test
    void theNewestWindowOfTheWorstCollectionIsToldByItsThreshold() {
        window("w1", "docs", "query-embedding", 0.5, 0.1, NOW.minusSeconds(200));
        window("w2", "docs", "query-embedding", 0.2, 0.1, NOW.minusSeconds(100));
        window("w3", "wiki", "query-embedding", 0.15, 0.1, NOW.minusSeconds(50));
        window("w4", "wiki", "query-length", 0.3, 0.1, NOW.minus(Duration.ofDays(2)));
        PolicyState dead = new PolicyState(
                CollectionKey.of("acme", "docs"),
                Map.of(),
                null,
                null,
                Set.of("query-length"),
                NOW,
                NOW,
                NOW,
                null,
                false);
        sql.update(
                "INSERT INTO drift_policy (tenant, collection, state) VALUES ('acme', 'docs', ?)",
                Json.writeText(dead));
        gauges.look();

        assertThat(telemetry.scrape())
                .contains("palimpsest_drift_signal_ratio{signal=\"query-embedding\"} 2.0")
                .contains("palimpsest_drift_signal_ratio{signal=\"query-length\"} NaN")
                .contains("palimpsest_drift_unwatched_collections 1.0");
    }

    private void run(String id, int labels) {
        FineTuneRequest request = new FineTuneRequest(
                id,
                new Scope("acme", "docs", false),
                "alarm",
                "lora",
                1,
                labels,
                Duration.ofDays(1),
                Duration.ofDays(1),
                Duration.ofMinutes(1),
                new RolloutPace(Duration.ZERO, 0, Duration.ofDays(1), Duration.ofHours(1)));
        sql.update(
                "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at)"
                        + " VALUES (?, 'fine-tune', 'acme', 'docs', 'alarm', ?, ?)",
                id,
                Json.writeText(request),
                NOW.toEpochMilli());
    }

    private void stage(String run, String stage, Instant at) {
        sql.update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES (?, ?, '{}', ?)",
                run,
                stage,
                at.toEpochMilli());
    }

    private void item(String id, String query, String state, Instant at) {
        sql.update(
                "INSERT INTO review_item (item_id, tenant, collection, query_key, query_sealed, asked_at, document_id,"
                        + " passage_id, revision, generation, model, origin, frozen, priority, state, opened_at)"
                        + " VALUES (?, 'acme', 'docs', ?, '', 0, 'd', 'p', 1, 'g', 'm', 'TRAFFIC', 0, 1, ?, ?)",
                id,
                query,
                state,
                at.toEpochMilli());
    }

    private void window(String id, String collection, String signal, double value, double threshold, Instant to) {
        sql.update(
                "INSERT INTO drift_measurement (window_id, tenant, collection, signal, from_at, to_at, samples, figure,"
                        + " threshold, crossed, self_test) VALUES (?, 'acme', ?, ?, 0, ?, 50, ?, ?, 1, 0)",
                id,
                collection,
                signal,
                to.toEpochMilli(),
                value,
                threshold);
    }
}
