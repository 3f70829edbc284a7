package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One run from labels to promotion whose process is killed with {@code kill -9} in the middle of every stage: it goes on each
 * time, and everything that it does is done once.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RunKillST {
    private static final int JUDGED = 120;
    private static final String GENERATIONS = "/v1/collections/default/generations";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path work;

    private final NearWords world = new NearWords(JUDGED, 11);
    private Path dataDir;
    private ShellTrainer trainer;
    private NodeProcess node;
    private final List<String> killedIn = new ArrayList<>();

    /** What the workflows run on. */
    enum Server {
        IN_MEMORY,
        DEVELOPMENT
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void runWhoseProcessIsKilledInEveryStageEndsOnceAsIfNothingHadBeen(Server server) throws Exception {
        dataDir = Files.createDirectories(work.resolve("data"));
        trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
        trainer.hold();
        try (IndexDoor door = new IndexDoor(dataDir)) {
            settings(server, door);
            node = NodeProcess.startRetrain(dataDir);
            world.publishFirst(client(), JUDGED);
            world.judge(client(), JUDGED);
            String before = RunCalls.live(client());
            Map<String, Object> order = Map.of("name", "killed", "trainer", "command", "labels", 1_000);
            String run = RunCalls.begin(client(), order);
            kill("LABEL");
            NodeProcess.killRetrainWhen(
                    dataDir, () -> holdsSomething(dataDir.resolve("retrain").resolve("snapshots")));
            killedIn.add("SNAPSHOT");
            NodeProcess.killRetrainWhen(dataDir, () -> trainer.begun() > 0);
            killedIn.add("TRAIN");

            trainer.release();
            killAt(door, "EVALUATE, build", "POST " + GENERATIONS);
            killAt(door, "EVALUATE, measure", "POST /v1/collections/default/search");
            node = NodeProcess.startRetrain(dataDir);
            House.until(() -> RunCalls.waitsForApproval(client(), run));
            kill("APPROVE");
            node = NodeProcess.startRetrain(dataDir);
            assertThat(RunCalls.live(client())).isEqualTo(before);
            door.shut();
            RunCalls.approve(client(), run);
            kill("REGISTER");
            killAt(door, "BUILD", "GET " + GENERATIONS);
            killAt(door, "SHADOW", "PUT " + GENERATIONS + "/\\S+/shadow \\{\"share\":1");
            killAt(door, "SWAP", "POST " + GENERATIONS + "/\\S+/swap");
            killAt(door, "WATCH", "POST /v1/collections/default/search");

            node = NodeProcess.startRetrain(dataDir);
            JsonNode end = RunCalls.ended(client(), run);
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("PROMOTED");
            assertOnce(run, before);
        } finally {
            System.out.println("RunKillST " + server + ": killed in " + killedIn);
            if (node != null) {
                node.close();
            }
            endTemporal();
        }
    }

    private void assertOnce(String run, String before) throws Exception {
        assertThat(RunCalls.begin(client(), Map.of("name", "killed", "trainer", "command")))
                .isEqualTo(run);
        assertThat(client().get("/v1/collections/default/runs").path("runs")).hasSize(1);
        // What a killed process left behind may finish before it is found and ended; its model is nobody's.
        assertThat(trainer.done()).as("finished trainings").isBetween(1, 2);
        assertThat(RunCalls.get(client(), run).path("done").findValuesAsText("stage"))
                .doesNotHaveDuplicates()
                .contains("SNAPSHOT", "TRAIN", "EVALUATE", "BUILD", "SHADOW", "SWAP", "WATCH");
        JsonNode generations = RunCalls.generations(client());
        assertThat(generations.path("live").asText()).isNotEqualTo(before);
        assertThat(generations.path("generations"))
                .as("one of the run beside the one before it: %s", generations)
                .hasSize(2);
        assertThat(NearWords.isFirst(client(), world.query(3), 3)).isTrue();
    }

    private ApiClient client() {
        return node.client();
    }

    private void kill(String stage) throws Exception {
        node.close();
        killedIn.add(stage);
    }

    /** Starts, and kills once the request was served and before the run hears of it. */
    private void killAt(IndexDoor door, String stage, String request) throws Exception {
        door.shut();
        node = NodeProcess.startRetrain(dataDir);
        Runnable sprung = door.arm(request, node::close);
        door.open();
        sprung.run();
        kill(stage);
    }

    private static boolean holdsSomething(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(Files::isRegularFile);
        }
    }

    private void settings(Server server, IndexDoor door) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of(
                "data.dir", dataDir.toString(),
                "http.port", "0",
                "kafka.embedded.port", "0",
                "temporal.ui.port", "0",
                "tune.command", trainer.program().toString(),
                "judgement.snapshot.minimum", "50",
                "retrain.labelling", "PT3S",
                "retrain.silence", "PT5S",
                "retrain.index.address", door.address().toString(),
                "retrain.index.key", LocalKey.ensure(dataDir).secret()));
        all.putAll(Map.of(
                "rollout.shadow", "PT2S",
                "rollout.shadow.share", "1",
                "rollout.watch", "PT4S",
                "rollout.watch.every", "PT1S"));
        if (server == Server.DEVELOPMENT) {
            all.put("temporal.program", TemporalProcess.program().toString());
        }
        Properties properties = new Properties();
        properties.putAll(all);
        try (Writer file = Files.newBufferedWriter(dataDir.resolve(KillableService.SETTINGS))) {
            properties.store(file, null);
        }
    }

    /** A killed process leaves its server running. */
    private void endTemporal() throws IOException {
        Path pid = dataDir.resolve("temporal").resolve("temporal.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
