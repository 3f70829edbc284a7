package io.palimpsest.index;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.generation.BuildProgress;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How generations stand and what is lost of served queries, as metrics.
 *
 * <p>Threading: one thread of its own from {@link #start} to {@link #close}; a scrape reads what the last look found. Failure: the
 * metrics of generations are NaN until the database answers again.
 */
final class IndexGauges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexGauges.class);
    /** As often as Prometheus usually asks. */
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Supplier<List<GenerationRow>> generations;
    private final Map<String, LongSupplier> lost;
    private final Map<String, Long> told = new HashMap<>();
    private final Telemetry telemetry;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("index-metrics").factory());
    private volatile Seen seen = Seen.NOTHING;
    private Map<String, BuildProgress> progress = Map.of();
    private Instant progressedAt = Instant.EPOCH;

    /**
     * What a look found.
     *
     * @param states how many generations are in each; empty while nothing is known
     */
    private record Seen(Map<GenerationState, Long> states, double share, double remaining, double idle) {
        private static final Seen NOTHING = new Seen(Map.of(), Double.NaN, Double.NaN, Double.NaN);

        private double in(GenerationState state) {
            return states.isEmpty() ? Double.NaN : (double) states.getOrDefault(state, 0L);
        }
    }

    /**
     * @param generations all of them
     * @param lost how many were lost since the start, by what
     */
    IndexGauges(
            Supplier<List<GenerationRow>> generations,
            Map<String, LongSupplier> lost,
            Telemetry telemetry,
            InstantSource clock) {
        this.generations = generations;
        this.lost = Map.copyOf(lost);
        this.telemetry = telemetry;
        this.clock = clock;
        for (GenerationState state : GenerationState.values()) {
            telemetry.gauge(
                    Metric.GENERATIONS, () -> seen.in(state), state.name().toLowerCase(Locale.ROOT));
        }
        telemetry.gauge(Metric.GENERATION_BUILT, () -> seen.share());
        telemetry.gauge(Metric.GENERATION_REMAINING, () -> seen.remaining());
        telemetry.gauge(Metric.GENERATION_IDLE, () -> seen.idle());
        // An increase is seen only of what was there.
        lost.keySet().forEach(what -> telemetry.count(Metric.QUERY_FACTS_LOST, 0, what));
    }

    IndexGauges start() {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::lookSafely, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void lookSafely() {
        try {
            look();
        } catch (PalimpsestException e) {
            seen = Seen.NOTHING;
            LOG.atDebug().addKeyValue("errorCode", e.code().id()).log("the metrics of generations are not known now");
        } catch (RuntimeException e) { // an exception would end the timer
            seen = Seen.NOTHING;
            LOG.atError().setCause(e).log("the metrics of generations are looked at again in {}", EVERY);
        }
    }

    /** Once. */
    void look() {
        lost.forEach((what, count) -> {
            long now = count.getAsLong();
            telemetry.count(Metric.QUERY_FACTS_LOST, (double) (now - told.getOrDefault(what, 0L)), what);
            told.put(what, now);
        });
        List<GenerationRow> all = generations.get();
        Map<GenerationState, Long> states =
                all.stream().collect(Collectors.groupingBy(GenerationRow::state, Collectors.counting()));
        // One entry at least: empty stands for unknown.
        states.putIfAbsent(GenerationState.BUILDING, 0L);
        List<GenerationRow> building = all.stream()
                .filter(row -> row.state() == GenerationState.BUILDING)
                .toList();
        seen = new Seen(
                Map.copyOf(states),
                building.stream()
                        .mapToDouble(row -> row.progress().share())
                        .min()
                        .orElse(Double.NaN),
                remaining(building),
                idle(building));
    }

    private static double remaining(List<GenerationRow> building) {
        return building.stream()
                .map(row -> row.progress().etaSeconds())
                .filter(Objects::nonNull)
                .mapToDouble(eta -> (double) Objects.requireNonNull(eta))
                .max()
                .orElse(Double.NaN);
    }

    /** Builds are made one after the other: it is enough that one goes on. */
    private double idle(List<GenerationRow> building) {
        Map<String, BuildProgress> now =
                building.stream().collect(Collectors.toMap(row -> row.id().value(), GenerationRow::progress));
        if (!now.equals(progress)) {
            progress = now;
            progressedAt = clock.instant();
        }
        return now.isEmpty()
                ? 0
                : Duration.between(progressedAt, clock.instant()).toMillis() / 1000.0;
    }
}
