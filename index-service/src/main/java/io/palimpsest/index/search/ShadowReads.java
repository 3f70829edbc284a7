package io.palimpsest.index.search;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a share of the live queries of another generation too, after they were answered, and keeps how much the two agree and how long
 * each took: numbers only.
 *
 * <p>Threading: one thread of its own, so that at most one core is taken from searches. Failure: what it cannot keep up with is
 * counted as lost, what fails as failed; no answer is touched.
 */
public final class ShadowReads implements ShadowQuery.Taker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowReads.class);
    private static final int COMPARED = 10;
    private static final long FLUSH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double MICROS = 1_000;
    private static final String ADD =
            "INSERT INTO shadow_reads (generation, queries, failed, lost, overlap, live_micros,"
                    + " shadow_micros, slowest_micros) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (generation) DO UPDATE SET"
                    + " queries = shadow_reads.queries + excluded.queries, failed = shadow_reads.failed + excluded.failed,"
                    + " lost = shadow_reads.lost + excluded.lost, overlap = shadow_reads.overlap + excluded.overlap,"
                    + " live_micros = shadow_reads.live_micros + excluded.live_micros,"
                    + " shadow_micros = shadow_reads.shadow_micros + excluded.shadow_micros,"
                    + " slowest_micros = CASE WHEN excluded.slowest_micros > shadow_reads.slowest_micros"
                    + " THEN excluded.slowest_micros ELSE shadow_reads.slowest_micros END";

    private final Sql sql;
    private final Supplier<List<GenerationRow>> known;
    private final Telemetry telemetry;
    private final BlockingQueue<Task> queue;
    private final Map<GenerationId, AtomicLong> lost = new ConcurrentHashMap<>();
    private final Map<GenerationId, Sums> sums = new HashMap<>();
    private final Thread reader;
    private long flushedAt = System.nanoTime();
    private volatile boolean open = true;

    private record Task(GenerationRow row, ShadowQuery query) {}

    private static final class Sums {
        private long queries;
        private long failed;
        private double overlap;
        private long liveMicros;
        private long shadowMicros;
        private long slowestMicros;
    }

    /**
     * What the shadow reads of a generation showed.
     *
     * @param overlapAt10 mean share of the first ten hits that both gave
     */
    public record Numbers(
            long queries,
            long failed,
            long lost,
            double overlapAt10,
            double liveMeanMillis,
            double shadowMeanMillis,
            double shadowSlowestMillis) {}

    /**
     * @param known generations as they were a moment ago
     * @param capacity queries that may wait
     */
    public ShadowReads(Sql sql, Supplier<List<GenerationRow>> known, int capacity, Telemetry telemetry) {
        this.sql = sql;
        this.known = known;
        this.telemetry = telemetry;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.reader = Thread.ofPlatform().name("shadow-reads").daemon().start(this::readUntilClosed);
    }

    @Override
    public void offer(ShadowQuery query) {
        for (GenerationRow row : known.get()) {
            if (row.shadowShare() > 0
                    && row.collection().equals(query.collection())
                    && row.written()
                    && row.state() != GenerationState.LIVE
                    && ThreadLocalRandom.current().nextDouble() < row.shadowShare()
                    && (!open || !queue.offer(new Task(row, query)))) {
                lost.computeIfAbsent(row.id(), id -> new AtomicLong()).incrementAndGet();
                telemetry.count(Metric.SHADOW_READS, "lost");
            }
        }
    }

    /** Of all processes, up to about a second ago. */
    public Numbers numbers(GenerationId generation) {
        return sql.first(
                        "SELECT queries, failed, lost, overlap, live_micros, shadow_micros, slowest_micros"
                                + " FROM shadow_reads WHERE generation = ?",
                        row -> {
                            long queries = row.getLong(1);
                            double each = Math.max(1, queries);
                            return new Numbers(
                                    queries,
                                    row.getLong(2),
                                    row.getLong(3),
                                    row.getDouble(4) / each,
                                    row.getLong(5) / each / MICROS,
                                    row.getLong(6) / each / MICROS,
                                    row.getLong(7) / MICROS);
                        },
                        generation.value())
                .orElse(new Numbers(0, 0, 0, 0, 0, 0, 0));
    }

    private void readUntilClosed() {
        while (open || !queue.isEmpty()) {
            try {
                Task task = queue.poll(100, TimeUnit.MILLISECONDS);
                if (task != null) {
                    read(task);
                }
                if (System.nanoTime() - flushedAt > FLUSH_NANOS) {
                    flush();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
        flush();
    }

    private void read(Task task) {
        Sums sum = sums.computeIfAbsent(task.row().id(), id -> new Sums());
        long began = System.nanoTime();
        try {
            Retrieval shadow = task.query().ask().apply(task.row().serving());
            long micros = (System.nanoTime() - began) / 1_000;
            double overlap = overlap(task.query().retrieval(), shadow);
            long liveMicros = Math.round(task.query().retrieval().tookMillis().getOrDefault("total", 0.0) * MICROS);
            sum.queries++;
            sum.overlap += overlap;
            sum.liveMicros += liveMicros;
            sum.shadowMicros += micros;
            sum.slowestMicros = Math.max(sum.slowestMicros, micros);
            telemetry.count(Metric.SHADOW_READS, "compared");
            telemetry.count(Metric.SHADOW_OVERLAP, overlap);
            telemetry.time(Metric.SHADOW_DURATION, Duration.ofNanos(liveMicros * 1_000), "live");
            telemetry.time(Metric.SHADOW_DURATION, Duration.ofNanos(micros * 1_000), "shadow");
        } catch (RuntimeException e) {
            sum.failed++;
            telemetry.count(Metric.SHADOW_READS, "failed");
            LOG.atDebug()
                    .setCause(e)
                    .log("a shadow read of {} failed", task.row().id());
        }
    }

    private static double overlap(Retrieval live, Retrieval shadow) {
        Set<Object> here = first(live);
        Set<Object> there = first(shadow);
        int most = Math.max(here.size(), there.size());
        Set<Object> both = new HashSet<>(here);
        both.retainAll(there);
        return most == 0 ? 1 : both.size() / (double) most;
    }

    private record Place(DocumentId document, PassageId passage) {}

    private static Set<Object> first(Retrieval retrieval) {
        return retrieval.hits().stream()
                .limit(COMPARED)
                .map(hit -> new Place(
                        hit.resolved().revision().key().document(),
                        hit.resolved().passage().id()))
                .collect(Collectors.toSet());
    }

    private void flush() {
        flushedAt = System.nanoTime();
        lost.keySet().forEach(id -> sums.computeIfAbsent(id, key -> new Sums()));
        for (GenerationId id : List.copyOf(sums.keySet())) {
            Sums sum = sums.remove(id);
            AtomicLong missed = lost.remove(id);
            if (sum != null) {
                add(id, sum, missed == null ? 0 : missed.get());
            }
        }
    }

    private void add(GenerationId id, Sums sum, long missed) {
        try {
            sql.inTransaction(transaction -> transaction.update(
                    ADD,
                    id.value(),
                    sum.queries,
                    sum.failed,
                    missed,
                    sum.overlap,
                    sum.liveMicros,
                    sum.shadowMicros,
                    sum.slowestMicros));
        } catch (PalimpsestException e) {
            LOG.atWarn().addKeyValue("errorCode", e.code().id()).log("numbers of shadow reads were lost");
        }
    }

    /** Leaves what is still waiting. */
    @Override
    public void close() throws InterruptedException {
        open = false;
        queue.clear();
        reader.join();
    }
}
