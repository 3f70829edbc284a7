package io.palimpsest.retrain.timer;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.temporal.TemporalConnection;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleException;
import io.temporal.client.schedules.ScheduleHandle;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Timers as schedules of the Temporal server, to be seen, paused and triggered in its own UI. Who is told is whichever worker of the
 * task queue has {@link TimerWorkflowImpl} and {@link TimerActivities}.
 *
 * <p>Threading: safe.
 */
public final class TemporalTimers implements Timers {
    private static final String PREFIX = "palimpsest/";
    /** The shortest that servers take. */
    private static final Duration SHORTEST_CATCH_UP = Duration.ofSeconds(10);

    private final ScheduleClient schedules;
    private final String taskQueue;

    /** @param taskQueue of the workers */
    public TemporalTimers(TemporalConnection temporal, String taskQueue) {
        this(
                ScheduleClient.newInstance(
                        temporal.service(),
                        ScheduleClientOptions.newBuilder()
                                .setNamespace(temporal.namespace())
                                .build()),
                taskQueue);
    }

    TemporalTimers(ScheduleClient schedules, String taskQueue) {
        this.schedules = schedules;
        this.taskQueue = taskQueue;
    }

    @Override
    public void keep(String timer, Rhythm rhythm) {
        asked(() -> {
            try {
                ScheduleHandle made = schedules.createSchedule(
                        PREFIX + timer,
                        schedule(timer, rhythm),
                        ScheduleOptions.newBuilder().build());
                return made.getId();
            } catch (ScheduleAlreadyRunningException e) {
                change(timer, rhythm);
                return PREFIX + timer;
            }
        });
    }

    @Override
    public void drop(String timer) {
        asked(() -> {
            try {
                schedules.getHandle(PREFIX + timer).delete();
            } catch (ScheduleException e) {
                if (!isAbsent(e)) {
                    throw e;
                }
            }
            return timer;
        });
    }

    @Override
    public void close() {
        // The worker is told, and is not ours.
    }

    /** Only where it differs: an update counts from its own moment, and could pass over a time that is due. */
    private void change(String timer, Rhythm rhythm) {
        ScheduleHandle handle = schedules.getHandle(PREFIX + timer);
        if (!isAt(rhythm, handle.describe().getSchedule().getSpec().getIntervals())) {
            handle.update(input -> new ScheduleUpdate(
                    Schedule.newBuilder(input.getDescription().getSchedule())
                            .setSpec(spec(rhythm))
                            .setPolicy(policy(rhythm))
                            .build()));
        }
    }

    private Schedule schedule(String timer, Rhythm rhythm) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(TimerWorkflow.class)
                        .setArguments(timer)
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId("timer/" + timer)
                                .setTaskQueue(taskQueue)
                                .build())
                        .build())
                .setSpec(spec(rhythm))
                .setPolicy(policy(rhythm))
                .build();
    }

    private static boolean isAt(Rhythm rhythm, List<ScheduleIntervalSpec> intervals) {
        return intervals.size() == 1
                && rhythm.every().equals(intervals.getFirst().getEvery())
                && rhythm.offset()
                        .equals(Objects.requireNonNullElse(intervals.getFirst().getOffset(), Duration.ZERO));
    }

    private static ScheduleSpec spec(Rhythm rhythm) {
        return ScheduleSpec.newBuilder()
                .setIntervals(List.of(new ScheduleIntervalSpec(rhythm.every(), rhythm.offset())))
                .build();
    }

    /** One waits at most, and of the times that a server missed the last: they are told as one. */
    private static SchedulePolicy policy(Rhythm rhythm) {
        return SchedulePolicy.newBuilder()
                .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                .setCatchupWindow(rhythm.every().compareTo(SHORTEST_CATCH_UP) > 0 ? rhythm.every() : SHORTEST_CATCH_UP)
                .build();
    }

    private interface Call {
        String answer();
    }

    private static void asked(Call call) {
        try {
            String unused = call.answer();
        } catch (ScheduleException | StatusRuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.TEMPORAL_UNAVAILABLE, "Temporal does not keep the timer; it is asked again", e);
        }
    }

    private static boolean isAbsent(ScheduleException e) {
        return e.getCause() instanceof StatusRuntimeException status
                && status.getStatus().getCode() == Status.Code.NOT_FOUND;
    }
}
