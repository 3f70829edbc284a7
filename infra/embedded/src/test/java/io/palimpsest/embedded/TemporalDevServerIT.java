package io.palimpsest.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On the program itself; skipped where {@code temporal} is neither on the PATH nor among the images of engines. */
@Timeout(120)
final class TemporalDevServerIT {
    @TempDir
    private Path directory;

    private static TemporalProgram program() {
        Optional<TemporalProgram> program = TemporalProgram.find(
                Optional.ofNullable(System.getenv("TESTKIT_TEMPORAL_PROGRAM"))
                        .map(Path::of)
                        .filter(Files::isExecutable),
                Optional.ofNullable(System.getenv("PATH")).orElse(""));
        assumeTrue(program.isPresent(), "no temporal program: " + TemporalProgram.HOW_TO_GET);
        return program.orElseThrow();
    }

    private TemporalDevServer start() {
        return TemporalDevServer.start(program(), directory, 0, List.of("PalimpsestStage"));
    }

    @Test
    void workflowsSurviveTheEndOfTheServerAndOfItsOwner() throws Exception {
        WorkflowExecution begun;
        TemporalDevServer left = start();
        begun = begin(left);
        // As after kill -9 of the JVM: the process lives on and holds the database, and nobody starts it again.
        left.abandon();
        try (TemporalDevServer next = start()) {
            assertThat(left.handle().isAlive()).isFalse();
            assertThat(isRunning(next, begun)).isTrue();
        } finally {
            left.close();
        }
    }

    @Test
    void serverThatEndsByItselfIsStartedAgainOnItsPort() throws Exception {
        try (TemporalDevServer server = start()) {
            WorkflowExecution begun = begin(server);
            ProcessHandle first = server.handle();

            first.destroyForcibly();
            first.onExit().get(10, TimeUnit.SECONDS);

            assertThat(isRunning(server, begun)).isTrue();
            assertThat(server.handle().pid()).isNotEqualTo(first.pid());
        }
    }

    @Test
    void serverThatEndedIsNotStartedAgainOnceItsOwnerClosedIt() throws Exception {
        TemporalDevServer server = start();
        server.handle().destroyForcibly();
        server.handle().onExit().get(10, TimeUnit.SECONDS);
        Thread.sleep(300); // its end was seen, and it waits to be started again

        server.close();

        Thread.sleep(1_500);
        assertThat(server.handle().isAlive()).isFalse();
        assertThat(directory.resolve("temporal.pid")).doesNotExist();
    }

    @Test
    void serverThatEndsAsItStartsIsStartedOnOtherPorts() throws Exception {
        Path taken = script("""
                if [ ! -e "$0.ran" ]; then
                    echo "$@" > "$0.ran"
                    echo can not listen: address already in use
                    exit 1
                fi
                exec '%s' "$@"
                """.formatted(program().file()));

        try (TemporalDevServer server =
                TemporalDevServer.start(new TemporalProgram(taken), directory.resolve("data"), 0, List.of())) {
            assertThat(isRunning(server, begin(server))).isTrue();
            String port = server.address().substring(server.address().indexOf(':') + 1);
            assertThat(Files.readString(directory.resolve("temporal.ran")))
                    .contains("--port ")
                    .doesNotContain("--port " + port + " ");
            assertThat(Files.readString(directory.resolve("data/temporal.log"))).contains("address already in use");
        }
    }

    @Test
    void programThatIsSomethingElseIsToldWithItsLog() throws Exception {
        Path other = script("echo not Temporal\nexit 3\n");

        assertThatThrownBy(() ->
                        TemporalDevServer.start(new TemporalProgram(other), directory.resolve("data"), 0, List.of()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORAL_UNAVAILABLE))
                .hasMessageContaining("temporal.log");
    }

    @Test
    void programThatCannotBeLaunchedIsToldByItsName() throws Exception {
        Path other = Files.writeString(directory.resolve("temporal"), "no program at all");

        assertThatThrownBy(() ->
                        TemporalDevServer.start(new TemporalProgram(other), directory.resolve("data"), 0, List.of()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORAL_UNAVAILABLE))
                .hasMessageContaining(other.toString());
    }

    private Path script(String body) throws IOException {
        Path file = Files.writeString(directory.resolve("temporal"), "#!/bin/sh\n" + body);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static WorkflowExecution begin(TemporalDevServer server) {
        return with(
                server,
                client -> client.newUntypedWorkflowStub(
                                "NobodyRunsIt",
                                WorkflowOptions.newBuilder()
                                        .setTaskQueue("none")
                                        .setWorkflowId("w")
                                        .build())
                        .start());
    }

    private static boolean isRunning(TemporalDevServer server, WorkflowExecution begun) {
        return with(server, client -> {
            try {
                client.newUntypedWorkflowStub(begun.getWorkflowId()).getResult(1, TimeUnit.SECONDS, String.class);
                return false;
            } catch (TimeoutException e) {
                return true;
            }
        });
    }

    private interface Use<T> {
        T of(WorkflowClient client);
    }

    private static <T> T with(TemporalDevServer server, Use<T> use) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newConnectedServiceStubs(
                WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(server.address())
                        .build(),
                Duration.ofSeconds(20));
        try {
            return use.of(WorkflowClient.newInstance(stubs));
        } finally {
            stubs.shutdownNow();
        }
    }
}
