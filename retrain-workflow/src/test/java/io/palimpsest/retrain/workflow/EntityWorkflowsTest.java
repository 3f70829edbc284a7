package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.retrain.workflow.FeedbackActivities.Collected;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lives long: watching drift, collecting labels. */
final class EntityWorkflowsTest {
    private final WorkflowWorld world = new WorkflowWorld();
    private final FakeActivities activities = world.activities;

    @AfterEach
    void close() {
        world.close();
    }

    private WatchDriftWorkflow watch(Duration lookEvery) {
        WatchDriftWorkflow watch = world.stub(WatchDriftWorkflow.class, WorkflowIds.watchDrift(WorkflowWorld.SCOPE));
        WorkflowClient.start(watch::watch, WorkflowWorld.SCOPE, lookEvery);
        return watch;
    }

    @Test
    void alarmThatIsSeenTwiceStartsOneRun() {
        FineTuneRequest request = WorkflowWorld.request("of-alarm-1");
        activities.triage.add(List.of());
        activities.triage.add(List.of(request));
        activities.triage.add(List.of(request, request));

        WatchDriftWorkflow watch = watch(Duration.ofMinutes(10));
        world.server.sleep(Duration.ofDays(3));

        assertThat(activities.calls.stream().filter("snapshot"::equals)).hasSize(1);
        assertThat(activities.ends).extracting(RunEnd::outcome).containsExactly(Outcome.PROMOTED);
        WorkflowStub.fromTyped(watch).terminate("end of test");
    }

    @Test
    void historyOfAWatchStaysShort() {
        WatchDriftWorkflow watch = watch(Duration.ofMinutes(1));

        world.server.sleep(Duration.ofDays(1));

        assertThat(Collections.frequency(activities.calls, "triage")).isGreaterThan(1_000);
        assertThat(world.client
                        .fetchHistory(WorkflowIds.watchDrift(WorkflowWorld.SCOPE))
                        .getEvents())
                .hasSizeLessThan(2_100);
        WorkflowStub.fromTyped(watch).terminate("end of test");
    }

    @Test
    void campaignEndsWithEnoughJudgements() {
        activities.collected.addAll(List.of(new Collected(3, 9), new Collected(7, 5), new Collected(12, 0)));
        CollectFeedbackWorkflow campaign = world.stub(CollectFeedbackWorkflow.class, WorkflowIds.collectFeedback("c"));

        assertThat(campaign.collect(campaign(12))).isEqualTo(new Collected(12, 0));
        assertThat(activities.calls).containsExactly("fill", "count", "count", "count");
    }

    @Test
    void campaignEndsWhenItsTimeIsUp() {
        CollectFeedbackWorkflow campaign = world.stub(CollectFeedbackWorkflow.class, WorkflowIds.collectFeedback("c"));

        assertThat(campaign.collect(campaign(12)).queries()).isZero();
    }

    private CollectFeedbackWorkflow.Campaign campaign(int wanted) {
        return new CollectFeedbackWorkflow.Campaign(
                "c",
                WorkflowWorld.SCOPE,
                wanted,
                world.server.currentTimeMillis() + Duration.ofDays(7).toMillis(),
                Duration.ofHours(1));
    }
}
