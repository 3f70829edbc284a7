package io.palimpsest.retrain.workflow;

import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.TemporalEngine;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import org.junit.jupiter.api.AfterEach;

@NeedsEngine(EngineKind.TEMPORAL)
final class ScheduleTimersContractIT extends TimersContract {
    private final WorkflowServiceStubs stubs;

    ScheduleTimersContractIT(TemporalEngine temporal) {
        stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporal.target())
                .build());
    }

    @AfterEach
    void close() {
        stubs.shutdownNow();
    }

    @Override
    WorkflowClient client() {
        return WorkflowClient.newInstance(stubs);
    }

    @Override
    Timers timers() {
        return new ScheduleTimers(ScheduleClient.newInstance(stubs));
    }
}
