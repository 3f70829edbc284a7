package io.palimpsest.index;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexWear;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.config.IndexSettings;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time how far the index is worn, and proposes a rebuild in the log, in the health page and by metrics. A
 * worn index answers, so it stays ready. Threading: a thread of its own.
 */
final class IndexWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWatch.class);
    private static final double PERCENT = 100;

    private final PassageIndex index;
    private final IndexSettings.Wear limits;
    private final Telemetry telemetry;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("index-watch").factory());
    private volatile IndexWear worst = new IndexWear(0, 1);
    private volatile List<String> proposals = List.of();
    private boolean measured;

    IndexWatch(PassageIndex index, IndexSettings.Wear limits, Telemetry telemetry) {
        this.index = index;
        this.limits = limits;
        this.telemetry = telemetry;
    }

    IndexWatch start() {
        long pause = limits.interval().toMillis();
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
        return this;
    }

    /** For the health page. */
    Health.State state() {
        return proposals.isEmpty()
                ? Health.State.up()
                : new Health.State(true, "degraded: rebuild proposed: " + String.join("; ", proposals));
    }

    /** Every generation, once. */
    void look() {
        try {
            List<String> found = new ArrayList<>();
            IndexWear seen = new IndexWear(0, 1);
            boolean any = false;
            for (Generation generation : index.generations()) {
                IndexWear wear = index.wear(generation.id()).orElse(null);
                if (wear != null) {
                    any = true;
                    seen = new IndexWear(Math.max(seen.churn(), wear.churn()), Math.min(seen.recall(), wear.recall()));
                    propose(generation, wear, found);
                }
            }
            worst = seen;
            proposals = List.copyOf(found);
            if (any && !measured) {
                measured = true;
                telemetry.gauge(Metric.INDEX_CHURN, () -> worst.churn());
                telemetry.gauge(Metric.INDEX_RECALL, () -> worst.recall());
            }
            found.forEach(proposal -> LOG.warn("rebuild proposed: {}", proposal));
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("the wear of the index could not be measured; tried again later");
        }
    }

    private void propose(Generation generation, IndexWear wear, List<String> found) {
        long churn = Math.round(wear.churn() * PERCENT);
        long recall = (long) Math.floor(wear.recall() * PERCENT);
        if (churn >= limits.churnPercent()) {
            found.add("generation " + generation.id() + " has lost " + churn
                    + " % of the passages it holds (index.rebuild.churn.percent = " + limits.churnPercent() + ")");
        }
        if (recall < limits.recallPercent()) {
            found.add("generation " + generation.id() + " finds " + recall
                    + " % of its nearest passages (index.rebuild.recall.percent = " + limits.recallPercent() + ")");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
