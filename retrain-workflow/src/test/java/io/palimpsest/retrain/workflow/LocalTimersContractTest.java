package io.palimpsest.retrain.workflow;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;

final class LocalTimersContractTest extends TimersContract {
    private static final TestServer.InProcessTestServer SERVER = TestServer.createServer(true);
    private static final WorkflowClient CLIENT =
            WorkflowClient.newInstance(WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                    .setChannel(SERVER.getChannel())
                    .build()));

    @AfterAll
    static void close() {
        SERVER.close();
    }

    @Override
    WorkflowClient client() {
        return CLIENT;
    }

    @Override
    Timers timers() {
        return new LocalTimers(CLIENT, Clock.systemUTC());
    }
}
