package io.palimpsest.retrain.workflow;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In this process, for a server without schedules. Moments are multiples of the interval since 1970, as Temporal's are, so a
 * restart does not shift them; those that pass while no process runs are left out.
 */
public final class LocalTimers implements Timers {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTimers.class);

    private final WorkflowClient client;
    private final InstantSource clock;
    private final Map<String, ScheduledFuture<?>> set = new ConcurrentHashMap<>();
    private final ScheduledExecutorService moments = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("timers").daemon().factory());

    public LocalTimers(WorkflowClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public void every(Timer timer) {
        long every = timer.every().toMillis();
        long untilNext = every - Math.floorMod(clock.millis(), every);
        ScheduledFuture<?> before = set.put(
                timer.name(), moments.scheduleAtFixedRate(() -> start(timer), untilNext, every, TimeUnit.MILLISECONDS));
        if (before != null) {
            before.cancel(false);
        }
    }

    private void start(Timer timer) {
        try {
            client.newUntypedWorkflowStub(
                            timer.type(),
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId(timer.name())
                                    .setTaskQueue(RetrainWorker.TASK_QUEUE)
                                    .build())
                    .start(timer.arguments().toArray());
        } catch (WorkflowExecutionAlreadyStarted e) {
            LOG.atDebug().log("timer {}: the one before still runs", timer.name());
        } catch (RuntimeException e) { // an exception would end the timer
            LOG.atWarn().setCause(e).log("timer {}: could not be started, its next moment will try", timer.name());
        }
    }

    @Override
    public void close() {
        moments.shutdownNow();
    }
}
