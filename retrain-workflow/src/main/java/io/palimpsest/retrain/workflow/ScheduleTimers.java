package io.palimpsest.retrain.workflow;

import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import java.util.List;

/** On Temporal Schedules: they go on while no process of ours runs, and are seen in Temporal's UI. */
public final class ScheduleTimers implements Timers {
    private final ScheduleClient client;

    public ScheduleTimers(ScheduleClient client) {
        this.client = client;
    }

    @Override
    public void every(Timer timer) {
        Schedule schedule = schedule(timer);
        try {
            client.createSchedule(
                    timer.name(), schedule, ScheduleOptions.newBuilder().build());
        } catch (ScheduleAlreadyRunningException e) {
            client.getHandle(timer.name()).update(input -> new ScheduleUpdate(schedule));
        }
    }

    private static Schedule schedule(Timer timer) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(timer.type())
                        .setArguments(timer.arguments().toArray())
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(timer.name())
                                .setTaskQueue(RetrainWorker.TASK_QUEUE)
                                .build())
                        .build())
                .setSpec(ScheduleSpec.newBuilder()
                        .setIntervals(List.of(new ScheduleIntervalSpec(timer.every())))
                        .build())
                .build();
    }

    /** The schedules stay. */
    @Override
    public void close() {}
}
