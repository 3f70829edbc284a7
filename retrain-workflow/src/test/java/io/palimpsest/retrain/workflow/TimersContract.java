package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.retry.Condition;
import io.palimpsest.retrain.workflow.Timers.Timer;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What holds of timers on every server. */
abstract class TimersContract {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Of a server in real time. */
    abstract WorkflowClient client();

    abstract Timers timers();

    @Test
    void startsItsWorkflowAgainAndAgainAndIsSetOnce() throws Exception {
        FakeActivities activities = new FakeActivities();
        Scope scope = new Scope("acme", UUID.randomUUID().toString(), false);
        Timer timer = new Timer(
                WorkflowIds.reconcile(scope), Duration.ofSeconds(1), ReconcileWorkflow.class, List.of(scope, true));
        try (RetrainWorker worker = RetrainWorker.start(client(), activities.all());
                Timers timers = timers()) {
            timers.every(timer);

            Condition.await(() -> Collections.frequency(activities.calls, "compare") >= 3, SOON, Duration.ofMillis(50));

            assertThat(activities.calls).containsOnly("compare");
        }
    }
}
