package io.palimpsest.retrain.workflow;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.feedback.QueryLogRows.caller;
import static io.palimpsest.retrain.feedback.QueryLogRows.hits;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.JudgementSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.retrain.canary.Canaries;
import io.palimpsest.retrain.canary.CanaryStore;
import io.palimpsest.retrain.canary.ScriptedIndex;
import io.palimpsest.retrain.canary.ServingIndex;
import io.palimpsest.retrain.drift.CorpusFacts;
import io.palimpsest.retrain.drift.DriftStore;
import io.palimpsest.retrain.drift.ReferenceStore;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.triage.Rates;
import io.palimpsest.retrain.feedback.FeedbackLog;
import io.palimpsest.retrain.feedback.KeyedDigests;
import io.palimpsest.retrain.feedback.MovableClock;
import io.palimpsest.retrain.feedback.QueryLogRows;
import io.palimpsest.retrain.judgement.BeirLines;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.JudgementParts;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.judgement.ReviewTask;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** The tables as the services fill them, an index that answers as it is told, and the facts and remedies that are made of both. */
final class DriftWorld implements AutoCloseable {
    static final Instant REFERENCE = Instant.parse("2026-11-01T00:00:00Z");
    /** When the first window crossed. */
    static final Instant BEGAN = Instant.parse("2026-11-10T08:00:00Z");

    static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");
    static final String LIVE = "acme.docs.0123456789ab";

    private static final Caller ANN = caller("ann", Role.REVIEW);
    private static final Caller BOB = caller("bob", Role.REVIEW);

    final MovableClock clock = new MovableClock(NOW);
    final ScriptedIndex index = new ScriptedIndex(LIVE);
    final Database database;
    final Sql sql;
    final Judgements judgements;
    final FeedbackLog feedback;
    final Canaries canaries;
    private final QueryCipher cipher = QueryLogRows.cipher();
    private final KeyedDigests digests = new KeyedDigests(new byte[32]);
    private final DriftStore alarms;
    private final ReferenceStore references;
    private final DriftActivitiesImpl activities;
    /** Documents that were deleted. */
    final Set<String> gone = new HashSet<>();

    private final DocumentStandings standings = document -> Optional.of(
            new DocumentStandings.Standing(1, !gone.contains(document.document().value()), false, Set.of("*")));
    private long said;

    DriftWorld(TestDatabases databases) {
        database = Database.open(databases.fresh());
        sql = database.sql();
        judgements = new Judgements(new JudgementParts(
                sql,
                new LoggedQueries(sql, cipher),
                cipher,
                digests,
                place -> Optional.of("text of " + place.document().document()),
                standings,
                new Suppressions(sql, new byte[32], clock),
                new JudgementSettings(Duration.ofHours(4), 1, 500, Duration.ofDays(14), 50, 0.2, Duration.ofDays(3), 1),
                new LedgerEntries(new byte[32]),
                entry -> {},
                clock));
        feedback = new FeedbackLog(sql);
        alarms = new DriftStore(sql);
        references = new ReferenceStore(sql);
        canaries = canaries(index);
        DriftFacts facts = new DriftFacts(new DriftFacts.Parts(
                alarms, new CorpusFacts(sql, references, clock), feedback, canaries, judgements, index));
        activities = new DriftActivitiesImpl(
                alarms,
                new Runs(sql, clock),
                facts,
                collection -> Rates.measured(),
                (scope, cause) -> WorkflowWorld.request(DriftActivitiesImpl.runId(scope, cause)),
                clock);
        sql.update(
                "INSERT INTO drift_reference (tenant, collection, reference_id, model, from_at, to_at, samples, taken_at,"
                        + " taken_by, reference) VALUES ('acme', 'docs', 'r', 'm', 0, ?, 500, ?, 'palimpsest', '{}')",
                REFERENCE.toEpochMilli(),
                REFERENCE.toEpochMilli());
    }

    Canaries canaries(ServingIndex asked) {
        return new Canaries(new Canaries.Parts(
                judgements::questions,
                standings,
                asked,
                new CanaryStore(sql),
                collection -> references.summary(collection).map(ReferenceStore.Summary::takenAt),
                100,
                Duration.ofHours(1),
                clock));
    }

    /** Holds since {@link #BEGAN}. */
    void alarm(String... signals) {
        List<DriftAlarm.Evidence> evidence = new ArrayList<>();
        for (String signal : signals) {
            String window = "acme/docs:" + signal + ":50:7";
            sql.update(
                    "INSERT INTO drift_measurement (window_id, tenant, collection, signal, from_at, to_at, samples, figure,"
                            + " threshold, crossed, self_test) VALUES (?, 'acme', 'docs', ?, ?, ?, 50, 2.0, 1.0, 1, 0)",
                    window,
                    signal,
                    BEGAN.toEpochMilli(),
                    NOW.toEpochMilli());
            evidence.add(new DriftAlarm.Evidence(signal, window, 2.0, 1.0, 2, "2 of the last 3 windows"));
        }
        sql.update(
                "INSERT INTO drift_alarm (alarm_id, tenant, collection, kind, raised_at, ended_at, evidence)"
                        + " VALUES ('alarm-1', 'acme', 'docs', 'DRIFT', ?, NULL, ?)",
                NOW.toEpochMilli(),
                Json.writeText(evidence));
    }

    /** As the timeline has them: indexed before the reference. */
    void documents(int count) {
        for (int i = 0; i < count; i++) {
            document("d" + i, REFERENCE.minus(Duration.ofDays(3)));
        }
    }

    void document(String id, Instant changed) {
        sql.update(
                "INSERT INTO document (document_key, tenant, collection, document_id, state, version, revision,"
                        + " indexed_version, indexed_revision, passages, changed_at) VALUES (?, 'acme', 'docs', ?, 'LIVE', 1, 1,"
                        + " 1, 1, 6, ?) ON CONFLICT (document_key) DO UPDATE SET changed_at = excluded.changed_at",
                "acme/docs/" + id,
                id,
                changed.toEpochMilli());
    }

    /** A change that was taken and has not reached the index. */
    void onItsWay(String id, Instant received) {
        sql.update(
                "INSERT INTO document_change (change_id, document_key, tenant, collection, document_id, arrivals, duplicates,"
                        + " version, received_at, state, open, deliveries, passages, embedded, reused)"
                        + " VALUES (?, ?, 'acme', 'docs', ?, 1, 0, 2, ?, 'ACCEPTED', 1, 0, 0, 0, 0)",
                "change-" + id,
                "acme/docs/" + id,
                id,
                received.toEpochMilli());
    }

    void quarantined(String id) {
        sql.update(
                "INSERT INTO quarantine_entry (entry_id, document_key, tenant, collection, document_id, version, change_id,"
                        + " fingerprint, error_code, message, deliveries, lane, work, at)"
                        + " VALUES (?, ?, 'acme', 'docs', ?, 2, ?, 'f', 'PAL-200', 'm', 3, 'small', '{}', 0)",
                "entry-" + id,
                "acme/docs/" + id,
                id,
                "change-" + id);
    }

    /** Somebody asks, and is shown these. */
    void asked(String query, Instant at, String... shown) {
        QueryLogRows.ask(sql, cipher, query, at, hits(shown));
    }

    /** Somebody asks for an answer, and says whether it was right. */
    void answered(String query, Instant at, boolean right, String... shown) {
        thumb(QueryLogRows.ask(sql, cipher, query, at, hits(shown), true), query, right, at, LIVE);
    }

    /** Two reviewers grade all that waits. */
    void reviewed(ToIntFunction<ReviewTask> ann, ToIntFunction<ReviewTask> bob) {
        judgements.refill(DOCS);
        review(ANN, ann);
        review(BOB, bob);
    }

    private void review(Caller reviewer, ToIntFunction<ReviewTask> grade) {
        Optional<ReviewTask> task = judgements.next(reviewer, DOCS);
        while (task.isPresent()) {
            judgements.judge(reviewer, DOCS, task.get().itemId(), grade.applyAsInt(task.get()), null);
            task = judgements.next(reviewer, DOCS);
        }
    }

    /** A known question with its known answer, and how it is answered now. */
    void canary(String query, String answer, String... ranking) {
        judgements.add(
                DOCS,
                BeirLines.read(new StringReader("""
                        {"corpus": {"_id": "%s", "title": "", "text": "text"}}
                        {"query": {"_id": "q", "text": "%s"}}
                        {"qrel": {"query-id": "q", "corpus-id": "%s", "score": 1}}
                        """.formatted(answer, query, answer))),
                new Judgements.ImportOptions("general", null, true));
        index.answers(LIVE, query, Arrays.asList(ranking));
    }

    /** So many answers, good ones first. */
    void feedback(int good, int bad, Instant at, String generation) {
        for (int i = 0; i < good + bad; i++) {
            thumb("query " + i, i < good, at, generation);
        }
    }

    void thumb(String query, boolean good, Instant at, String generation) {
        thumb("query-" + (said + 1), query, good, at, generation);
    }

    private void thumb(String queryId, String query, boolean good, Instant at, String generation) {
        said++;
        sql.update(
                "INSERT INTO feedback (feedback_id, tenant, collection, sequence_number, query_id, query_key, kind, score,"
                        + " generation, model, late, given_at, digest, sealed, published)"
                        + " VALUES (?, 'acme', 'docs', ?, ?, ?, 'THUMB', ?, ?, 'm', 0, ?, 'd', 's', 1)",
                ContentHash.ofText("feedback " + said).value(),
                said,
                queryId,
                digests.queryKey(DOCS, query),
                good ? 1 : -1,
                generation,
                at.toEpochMilli());
    }

    List<FineTuneRequest> triage() {
        return activities.triage(new Scope("acme", "docs", false));
    }

    String remedy() {
        return column("remedy");
    }

    String evidence() {
        return column("proposals");
    }

    private String column(String name) {
        return sql.first("SELECT " + name + " FROM drift_proposal WHERE alarm_id = 'alarm-1'", row -> row.getString(1))
                .orElseThrow();
    }

    @Override
    public void close() {
        database.close();
    }
}
