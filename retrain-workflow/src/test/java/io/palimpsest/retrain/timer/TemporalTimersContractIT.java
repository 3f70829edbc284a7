package io.palimpsest.retrain.timer;

import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.TemporalEngine;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

@NeedsEngine(EngineKind.TEMPORAL)
final class TemporalTimersContractIT extends TimersContract {
    private final TemporalEngine temporal;
    private final String queue = "timers-" + UUID.randomUUID();

    TemporalTimersContractIT(TemporalEngine temporal) {
        this.temporal = temporal;
    }

    @Override
    boolean isOver(String timer) {
        WorkflowServiceStubs service = service();
        try {
            return ScheduleClient.newInstance(service)
                    .getHandle("palimpsest/" + timer)
                    .describe()
                    .getInfo()
                    .getRunningActions()
                    .isEmpty();
        } finally {
            service.shutdownNow();
        }
    }

    private WorkflowServiceStubs service() {
        return WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporal.target())
                .build());
    }

    @Override
    Timers process(String name, Timers.Handler handler) {
        WorkflowServiceStubs service = service();
        WorkerFactory factory = WorkerFactory.newInstance(WorkflowClient.newInstance(service));
        Worker worker = factory.newWorker(queue);
        worker.registerWorkflowImplementationTypes(TimerWorkflowImpl.class);
        worker.registerActivitiesImplementations(new TimerActivitiesImpl(handler));
        factory.start();
        Timers timers = new TemporalTimers(ScheduleClient.newInstance(service), queue);
        return new Timers() {
            @Override
            public void keep(String timer, Rhythm rhythm) {
                timers.keep(timer, rhythm);
            }

            @Override
            public void drop(String timer) {
                timers.drop(timer);
            }

            @Override
            public void close() {
                timers.close();
                factory.shutdown();
                factory.awaitTermination(10, TimeUnit.SECONDS);
                service.shutdownNow();
            }
        };
    }
}
