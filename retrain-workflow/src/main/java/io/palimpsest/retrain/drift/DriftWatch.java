package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.policy.DriftPolicy;
import io.palimpsest.retrain.drift.policy.PolicyState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no measurement brings about: references, the end of quiet hours and cool-downs, and alarms that keep silent.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Failure: is logged, and tried again.
 */
final class DriftWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
    /** Newest queries of a partition among which each busy collection has one (arbitrary). */
    private static final int NEWEST = 100;

    /** References are wanted soon; what a look finds lasts hours, and it reads a megabyte (arbitrary). */
    private static final int ROUNDS_PER_LOOK = 12;

    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Sql sql;
    private final DriftStore store;
    private final ReferenceKeeper keeper;
    private final TopicPeriod topics;
    private final DriftPolicy policy;
    private final DriftAlarms alarms;
    private final Clock clock;
    private final Duration every;
    private long rounds;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("drift-watch").factory());

    /** What it works with. */
    record Parts(Sql sql, DriftStore store, ReferenceKeeper keeper, TopicPeriod topics, DriftPolicy policy) {}

    DriftWatch(Parts parts, DriftAlarms alarms, Clock clock, Duration every) {
        this.sql = parts.sql();
        this.store = parts.store();
        this.keeper = parts.keeper();
        this.topics = parts.topics();
        this.policy = parts.policy();
        this.alarms = alarms;
        this.clock = clock;
        this.every = every;
    }

    void start() {
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(
                this::lookSafely, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookSafely() {
        try {
            keeper.look();
            if (rounds++ % ROUNDS_PER_LOOK == 0) {
                look();
            }
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.BROKER_UNAVAILABLE.id())
                    .setCause(e)
                    .log("drift is looked at again in {}", every);
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("drift is looked at again in {}", every);
        } catch (Throwable e) { // a timer's task that throws is never run again
            LOG.atError()
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .setCause(e)
                    .log("drift is looked at again in {}", every);
        }
    }

    void look() {
        Map<String, Instant> newest = topics.newest(Topics.QUERY_SERVED, NEWEST);
        Instant now = clock.instant();
        for (CollectionKey collection : store.collections()) {
            List<DriftAlarm> raised = sql.inTurn("drift_position", transaction -> {
                PolicyState before = DriftStore.state(transaction, collection);
                DriftPolicy.Step step = policy.at(before, now, newest.get(collection.toString()));
                if (!step.state().equals(before)) {
                    DriftStore.save(transaction, before, step.state(), step.raised(), now);
                }
                return step.raised();
            });
            raised.forEach(alarms::raised);
        }
        store.prune(now);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("drift-watch did not end within {}", CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
