package io.palimpsest.retrain.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.retrain.drift.measure.Questions;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.policy.AlarmRule;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.policy.DriftPolicy;
import io.palimpsest.retrain.drift.policy.PolicyState;
import io.palimpsest.retrain.drift.triage.Cost;
import io.palimpsest.retrain.drift.triage.Proposal;
import io.palimpsest.retrain.drift.triage.Remedy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the tables of drift keep, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the tests
abstract class DriftStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final CollectionKey COLLECTION = Questions.COLLECTION;
    private static final DriftPolicy POLICY = new DriftPolicy(
            Map.of(), new AlarmRule(1, 2, 3, 0.8), Duration.ofHours(6), null, Duration.ofDays(1), Duration.ofHours(2));

    private TestDatabases databases;
    private Database database;
    private Sql sql;
    private DriftStore store;

    abstract TestDatabases databases() throws Exception;

    @BeforeAll
    void find() throws Exception {
        databases = databases();
    }

    @BeforeEach
    void open() {
        database = Database.open(databases.fresh());
        sql = database.sql();
        store = new DriftStore(sql);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @AfterAll
    void leave() {
        databases.close();
    }

    @Test
    void anAlarmIsKeptOnceWithWhatJoinedItAndItsEnd() {
        for (int window = 0; window < 3; window++) {
            take("query-embedding", window, 2.0, NOW);
        }
        for (int window = 0; window < 3; window++) {
            take("top-similarity", window, 2.0, NOW.plusSeconds(60));
        }
        assertThat(store.alarms(COLLECTION, 10)).singleElement().satisfies(row -> {
            assertThat(row.endedAt()).isNull();
            assertThat(row.alarm().raisedAt()).isEqualTo(NOW);
            assertThat(row.alarm().evidence()).hasSize(2);
        });
        assertThat(store.open()).hasSize(1);

        DriftAlarm alarm = store.open().getFirst();
        Proposal nothing = new Proposal(Remedy.NOTHING, List.of("nobody is worse off"), new Cost(0, 0, 0, 0, null));
        assertThat(store.propose(alarm, List.of(nothing), NOW)).isTrue();
        assertThat(store.propose(alarm, List.of(nothing), NOW))
                .as("nothing new")
                .isFalse();
        assertThat(store.alarms(COLLECTION, 10).getFirst().proposals()).containsExactly(nothing);

        for (int window = 3; window < 6; window++) {
            take("query-embedding", window, 0.1, NOW.plusSeconds(120));
            take("top-similarity", window, 0.1, NOW.plusSeconds(120));
        }
        assertThat(store.open()).isEmpty();
        assertThat(store.alarms(COLLECTION, 10))
                .singleElement()
                .satisfies(row -> assertThat(row.endedAt()).isEqualTo(NOW.plusSeconds(120)));
    }

    @Test
    void measurementsComeNewestFirstAndEachOnce() {
        take("query-embedding", 0, 0.5, NOW);
        take("query-embedding", 1, null, NOW);
        take("query-embedding", 1, null, NOW);

        assertThat(store.latest(COLLECTION, 10))
                .containsExactly(window("query-embedding", 1, null), window("query-embedding", 0, 0.5));
        assertThat(store.latest(COLLECTION, 1)).hasSize(1);
        assertThat(store.latest(CollectionKey.of("acme", "other"), 10)).isEmpty();
        assertThat(store.collections()).containsExactly(COLLECTION);
    }

    @Test
    void oldMeasurementsGo() {
        take("query-embedding", 0, 0.5, NOW);
        store.prune(NOW.plus(Duration.ofDays(29)));
        assertThat(store.latest(COLLECTION, 10)).hasSize(1);

        store.prune(NOW.plus(Duration.ofDays(32)));
        assertThat(store.latest(COLLECTION, 10)).isEmpty();
    }

    @Test
    void aNewReferenceTakesThePlaceOfTheOldAndEndsItsRequest() {
        ReferenceStore references = new ReferenceStore(sql);
        assertThat(references.of(COLLECTION)).isEmpty();

        references.request(new ReferenceStore.Request(COLLECTION, "key:x", NOW, null, NOW, null, null));
        assertThat(references.waiting()).hasSize(1);
        references.failed(COLLECTION, "PAL-810", "too small");
        assertThat(references.waiting()).isEmpty();
        assertThat(references.requested(COLLECTION)).hasValueSatisfying(request -> {
            assertThat(request.errorCode()).isEqualTo("PAL-810");
            assertThat(request.to()).isEqualTo(NOW);
        });

        Reference first = Questions.calibration().take(Questions.period(new Questions(1).known(60)));
        references.put(first, "key:x", NOW);
        assertThat(references.requested(COLLECTION)).isEmpty();
        assertThat(references.of(COLLECTION)).map(Reference::id).hasValue(first.id());

        Reference second = Questions.calibration().take(Questions.period(new Questions(2).known(70)));
        references.put(second, "palimpsest", NOW);
        assertThat(references.of(COLLECTION)).hasValueSatisfying(read -> {
            assertThat(read.id()).isEqualTo(second.id());
            assertThat(read.thresholds()).isEqualTo(second.thresholds());
        });
        assertThat(references.summary(COLLECTION))
                .hasValueSatisfying(summary -> assertThat(summary.samples()).isEqualTo(70));
    }

    private void take(String signal, int number, @Nullable Double value, Instant now) {
        DriftMeasured measured = window(signal, number, value);
        sql.inTurn("drift_position", transaction -> {
            PolicyState before = DriftStore.state(transaction, COLLECTION);
            DriftStore.save(transaction, measured);
            DriftPolicy.Step step = POLICY.after(before, measured, now);
            DriftStore.save(transaction, before, step.state(), step.raised(), now);
            return step.state();
        });
    }

    private static DriftMeasured window(String signal, int number, @Nullable Double value) {
        return new DriftMeasured(
                COLLECTION + ":" + signal + ":50:" + number,
                COLLECTION,
                signal,
                NOW.plusSeconds(number),
                NOW.plusSeconds(number + 1),
                50,
                value,
                value == null ? null : 1.0,
                value != null && value > 1,
                false);
    }
}
