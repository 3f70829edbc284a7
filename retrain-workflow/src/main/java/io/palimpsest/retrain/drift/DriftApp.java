package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.DriftSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.stream.StreamsRunner;
import io.palimpsest.platform.stream.StreamsSettings;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.drift.measure.Calibration;
import io.palimpsest.retrain.drift.policy.AlarmRule;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.policy.DriftPolicy;
import io.palimpsest.retrain.drift.policy.QuietHours;
import io.palimpsest.retrain.drift.stream.DriftRules;
import io.palimpsest.retrain.drift.stream.DriftTopology;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Drift, wired: measuring, alarms, references, routes.
 *
 * <p>Threading: start and close once. The topics must exist. Everything that is given stays the caller's to close.
 */
public final class DriftApp implements AutoCloseable {
    private static final String APPLICATION = "palimpsest-drift";
    private static final Duration STREAMS_START = Duration.ofSeconds(60); // arbitrary: restoring state takes its time
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5); // arbitrary
    /** Draws per size of window: some seconds, for a tail of which 20 to 40 draws are left (see {@code bench drift}). */
    private static final int DRAWS = 8_000;
    /** A test of its own for each window: one crossing is as sure as a window gets. */
    private static final String FEEDBACK_SUCCESS = "feedback-success";

    private final Closing closing;
    private final StreamsRunner streams;
    private final DriftProjector projector;
    private final DriftWatch watch;
    private final DriftStore store;
    private final DriftRoutes routes;
    private final AlarmLedger alarms;
    private final ReferenceStore references;

    /**
     * What is there already.
     *
     * @param instance name of this process among its like, stable over restarts
     */
    public record Platform(
            Settings settings,
            KafkaClients kafka,
            Sql sql,
            Telemetry telemetry,
            Health health,
            LedgerEntries ledgerEntries,
            LedgerSink ledger,
            Clock clock,
            String instance) {}

    /** @param onAlarm told of each alarm, see {@link DriftAlarms} */
    public static DriftApp of(Platform platform, DriftAlarms onAlarm) {
        return Closing.making(closing -> new DriftApp(platform, onAlarm, closing));
    }

    private DriftApp(Platform platform, DriftAlarms onAlarm, Closing closing) {
        this.closing = closing;
        Telemetry telemetry = platform.telemetry();
        alarms = new AlarmLedger(platform.ledgerEntries(), platform.ledger(), alarm -> {
            telemetry.count(Metric.DRIFT_ALARMS, alarm.kind().name().toLowerCase(Locale.ROOT));
            onAlarm.raised(alarm);
        });
        DriftSettings settings = platform.settings().drift();
        Clock clock = platform.clock();
        Sql sql = platform.sql();
        DriftRules rules = rules(settings);
        DriftPolicy policy = policy(settings);
        references = new ReferenceStore(sql);
        store = new DriftStore(sql);
        TopicPeriod topics = new TopicPeriod(platform.kafka());
        ReferenceKeeper keeper = new ReferenceKeeper(
                references,
                store,
                topics,
                new Calibration(settings.falseAlarmRate(), rules.sizes(), DRAWS),
                settings.referenceSamples(),
                clock);
        projector = closing.add(
                new DriftProjector(platform.kafka(), sql, platform.instance(), policy, alarms, telemetry, clock));
        routes = new DriftRoutes(store, references, clock);
        streams = closing.add(new StreamsRunner(
                APPLICATION,
                () -> DriftTopology.build(rules, references),
                StreamsSettings.of(platform.settings(), platform.kafka(), platform.instance())));
        watch = closing.add(
                new DriftWatch(new DriftWatch.Parts(sql, store, keeper, topics, policy), alarms, clock, LOOK_EVERY));
        for (DriftAlarm.Kind kind : DriftAlarm.Kind.values()) { // an increase is seen only of what was there
            telemetry.count(Metric.DRIFT_ALARMS, 0, kind.name().toLowerCase(Locale.ROOT));
        }
        telemetry.gauge(Metric.DRIFT_ALARMS_OPEN, () -> store.open().size());
        platform.health()
                .register(
                        "drift",
                        () -> Health.State.of(streams.healthy(), "the stream that measures drift does not run"));
        platform.health()
                .register(
                        "drift alarms",
                        () -> Health.State.of(projector.healthy(), "measurements of drift are not followed"));
    }

    /** Returns when queries are measured. */
    public void start() throws InterruptedException {
        store.open().forEach(alarms::record);
        streams.start();
        projector.start();
        watch.start();
        streams.awaitRunning(STREAMS_START);
    }

    /** Whose lag is told; the alarms keep their positions in the database, and tell the brokers of them. */
    public static List<FollowedGroup> groups() {
        return List.of(
                FollowedGroup.consumers("drift", APPLICATION, Topics.QUERY_SERVED, Topics.FEEDBACK_GIVEN),
                FollowedGroup.consumers("drift-alarms", DriftProjector.GROUP, Topics.DRIFT_MEASURED));
    }

    public Routes routes() {
        return routes;
    }

    /** Measurements and alarms, for who acts on them. */
    public DriftStore store() {
        return store;
    }

    /** What queries of now are compared with. */
    public ReferenceStore references() {
        return references;
    }

    @Override
    public void close() {
        closing.close();
    }

    static DriftRules rules(DriftSettings settings) {
        return new DriftRules(
                settings.windowSamples(),
                settings.windowPace(),
                settings.windowLimit(),
                settings.feedbackSamples(),
                settings.selfTestEvery());
    }

    static DriftPolicy policy(DriftSettings settings) {
        DriftSettings.Alarms alarms = settings.alarms();
        return new DriftPolicy(
                Map.of(FEEDBACK_SUCCESS, new AlarmRule(1, 1, 1, alarms.clearBelow())),
                new AlarmRule(alarms.minSamples(), alarms.crossings(), alarms.windows(), alarms.clearBelow()),
                alarms.coolDown(),
                alarms.quiet()
                        .map(quiet -> new QuietHours(quiet.from(), quiet.to(), quiet.zone()))
                        .orElse(null),
                settings.selfTestEvery(),
                settings.windowLimit().multipliedBy(2));
    }
}
