package io.palimpsest.retrain;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.drift.DriftStore;
import io.palimpsest.retrain.drift.measure.Signal;
import io.palimpsest.retrain.feedback.FeedbackOutbox;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.judgement.ReviewBacklog;
import io.palimpsest.retrain.judgement.ReviewState;
import io.palimpsest.retrain.workflow.RunStandings;
import io.palimpsest.retrain.workflow.RunStandings.UnderWay;
import io.palimpsest.retrain.workflow.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How runs, labels, feedback and drift of all collections stand, as the database tells: each retrain process tells the same.
 *
 * <p>Threading: one thread of its own from {@link #start} to {@link #close}; a scrape reads what the last look found. Failure: the
 * metrics are NaN until the database answers again.
 */
final class RetrainGauges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetrainGauges.class);
    /** As often as Prometheus usually asks. */
    private static final Duration EVERY = Duration.ofSeconds(15);
    /** All grades are read for it: once in five minutes. */
    private static final int LOOKS_PER_AGREEMENT = 20;

    private static final Duration RECENT = Duration.ofDays(1);

    private final Sources sources;
    private final InstantSource clock;
    private final Map<Place, Double> figures = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retrain-metrics").factory());
    private long looks;
    private double agreement = Double.NaN;

    /** What is asked. */
    record Sources(RunStandings runs, Judgements judgements, FeedbackOutbox feedback, DriftStore drift) {}

    /** A metric and the value of its tag. */
    private record Place(Metric metric, String tag) {}

    RetrainGauges(Sources sources, Telemetry telemetry, InstantSource clock) {
        this.sources = sources;
        this.clock = clock;
        for (Stage stage : RunStandings.TOLD) {
            tell(telemetry, Metric.RUNS, word(stage));
            tell(telemetry, Metric.RUN_STAGE_AGE, word(stage));
        }
        for (ReviewState state : ReviewState.values()) {
            tell(telemetry, Metric.REVIEW_ITEMS, word(state));
        }
        for (Signal signal : Signal.values()) {
            tell(telemetry, Metric.DRIFT_SIGNAL, signal.id());
        }
        for (Metric metric : List.of(
                Metric.APPROVAL_WAITING,
                Metric.APPROVAL_LEFT,
                Metric.LABELS_WANTED,
                Metric.LABELS_COLLECTED,
                Metric.LABELS_AGREEMENT,
                Metric.REVIEW_IDLE,
                Metric.FEEDBACK_WAITING,
                Metric.DRIFT_UNWATCHED)) {
            tell(telemetry, metric);
        }
    }

    private void tell(Telemetry telemetry, Metric metric, String... tag) {
        Place place = new Place(metric, String.join("", tag));
        telemetry.gauge(metric, () -> figures.getOrDefault(place, Double.NaN), tag);
    }

    void start() {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::lookSafely, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void lookSafely() {
        try {
            look();
        } catch (PalimpsestException e) {
            figures.clear();
            LOG.atDebug().addKeyValue("errorCode", e.code().id()).log("the metrics of retraining are not known now");
        } catch (RuntimeException e) { // an exception would end the timer
            figures.clear();
            LOG.atError().setCause(e).log("the metrics of retraining are looked at again in {}", EVERY);
        }
    }

    /** Once. */
    void look() {
        Instant now = clock.instant();
        List<UnderWay> runs = sources.runs().underWay();
        runs(runs, now);
        labels(runs, now);
        put(Metric.FEEDBACK_WAITING, age(sources.feedback().waitingSince().orElse(null), now));
        put(Metric.DRIFT_UNWATCHED, (double) sources.drift().unwatched());
        drift(sources.drift().newest(now.minus(RECENT)));
    }

    private void runs(List<UnderWay> runs, Instant now) {
        for (Stage stage : RunStandings.TOLD) {
            List<UnderWay> here =
                    runs.stream().filter(run -> run.stage() == stage).toList();
            Instant oldest =
                    here.stream().map(UnderWay::since).min(Instant::compareTo).orElse(null);
            figures.put(new Place(Metric.RUNS, word(stage)), (double) here.size());
            figures.put(new Place(Metric.RUN_STAGE_AGE, word(stage)), age(oldest, now));
        }
        RunStandings.Waiting waiting = sources.runs().waiting(now).orElse(null);
        put(Metric.APPROVAL_WAITING, waiting == null ? 0 : age(waiting.since(), now));
        put(Metric.APPROVAL_LEFT, waiting == null ? Double.NaN : age(now, waiting.until()));
    }

    private void labels(List<UnderWay> runs, Instant now) {
        double wanted = 0;
        double collected = 0;
        for (UnderWay run : runs) {
            if (run.stage() == Stage.LABEL && run.labels() > 0) {
                wanted += run.labels();
                collected += Math.min(run.labels(), sources.judgements().judgedQueries(run.collection()));
            }
        }
        put(Metric.LABELS_WANTED, wanted);
        put(Metric.LABELS_COLLECTED, collected);
        ReviewBacklog backlog = sources.judgements().backlog();
        for (ReviewState state : ReviewState.values()) {
            figures.put(new Place(Metric.REVIEW_ITEMS, word(state)), (double)
                    backlog.items().getOrDefault(state, 0L));
        }
        put(Metric.REVIEW_IDLE, age(backlog.idleSince(), now));
        if (looks++ % LOOKS_PER_AGREEMENT == 0) {
            agreement = lowestAgreement().orElse(Double.NaN);
        }
        put(Metric.LABELS_AGREEMENT, agreement);
    }

    private OptionalDouble lowestAgreement() {
        return sources.judgements().collections().stream()
                .map(collection -> sources.judgements().counts(collection).alpha())
                .filter(Objects::nonNull)
                .mapToDouble(alpha -> Objects.requireNonNullElse(alpha, Double.NaN))
                .min();
    }

    private void drift(List<DriftMeasured> newest) {
        Map<String, Double> highest = new HashMap<>();
        for (DriftMeasured window : newest) {
            Double value = window.value();
            Double threshold = window.threshold();
            if (value != null && threshold != null) {
                highest.merge(window.signal(), ratio(value, threshold, window.crossed()), Math::max);
            }
        }
        for (Signal signal : Signal.values()) {
            figures.put(new Place(Metric.DRIFT_SIGNAL, signal.id()), highest.getOrDefault(signal.id(), Double.NaN));
        }
    }

    /** Of a threshold of zero nothing is a multiple. */
    private static double ratio(double value, double threshold, boolean crossed) {
        return threshold > 0 ? value / threshold : crossed ? Double.POSITIVE_INFINITY : 0;
    }

    private void put(Metric metric, double figure) {
        figures.put(new Place(metric, ""), figure);
    }

    /** Seconds, at least 0; 0 where there is none. */
    private static double age(@Nullable Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
