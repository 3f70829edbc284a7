package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
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

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path work;

    private final NearWords world = new NearWords(JUDGED, 11);
    private Path dataDir;
    private ShellTrainer trainer;
    private @Nullable NodeProcess node;
    private final List<String> killedIn = new ArrayList<>();

    /** What the workflows run on. */
    enum Server {
        IN_MEMORY,
        DEVELOPMENT
    }

    @BeforeEach
    void prepare() throws IOException {
        dataDir = Files.createDirectories(work.resolve("data"));
        trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void runWhoseProcessIsKilledInEveryStageEndsOnceAsIfNothingHadBeen(Server server) throws Exception {
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
            killInSnapshot();
            NodeProcess.killRetrainWhen(dataDir, () -> trainer.begun() > 0);
            killedIn.add("TRAIN");
            // It ends with its starter: one that went on would be found and ended by the next training, whose model
            // counts alone.
            House.until(() -> !trainer.isRunning());

            trainer.release();
            killAt(door, "EVALUATE, build", IndexDoor.MAKE);
            killAt(door, "EVALUATE, measure", IndexDoor.searchBeside(before));
            node = NodeProcess.startRetrain(dataDir);
            House.until(() -> RunCalls.waitsForApproval(client(), run));
            kill("APPROVE");
            node = NodeProcess.startRetrain(dataDir);
            assertThat(RunCalls.live(client())).isEqualTo(before);
            door.shut();
            RunCalls.approve(client(), run);
            kill("REGISTER, or just before");
            door.open();
            killAt(door, "BUILD", IndexDoor.LOOK_AT_ONE);
            killAt(door, "SHADOW", IndexDoor.SHADOW);
            killAt(door, "SWAP", IndexDoor.SWAP);
            killAt(door, "WATCH", IndexDoor.searchOf(before));

            node = NodeProcess.startRetrain(dataDir);
            JsonNode end = RunCalls.ended(client(), run);
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("PROMOTED");
            assertOnce(run, before);
        } finally {
            System.out.println("RunKillST " + server + ": killed in " + killedIn);
            end();
            endTemporal();
        }
    }

    private void assertOnce(String run, String before) throws Exception {
        assertThat(RunCalls.begin(client(), Map.of("name", "killed", "trainer", "command")))
                .isEqualTo(run);
        assertThat(client().get("/v1/collections/default/runs").path("runs")).hasSize(1);
        assertThat(trainer.done()).as("finished trainings").isEqualTo(1);
        assertThat(rows("training_snapshot")).as("training sets").isEqualTo(1);
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
        return Objects.requireNonNull(node).client();
    }

    private void kill(String stage) throws Exception {
        end();
        killedIn.add(stage);
    }

    private void end() throws InterruptedException {
        if (node != null) {
            node.close();
        }
    }

    /** Starts, and kills once the request was served and before the run hears of it. */
    private void killAt(IndexDoor door, String stage, String request) throws Exception {
        AtomicBoolean served = new AtomicBoolean();
        CountDownLatch dead = new CountDownLatch(1);
        Runnable sprung = door.arm(request, () -> {
            served.set(true);
            dead.await();
        });
        try {
            NodeProcess.killRetrainWhen(dataDir, served::get);
        } finally {
            dead.countDown();
        }
        sprung.run();
        killedIn.add(stage);
    }

    /** The training set is made, and the database does not take it that the stage is done: so it is under way when it is killed. */
    private void killInSnapshot() throws Exception {
        try (Connection database = database();
                Statement sql = database.createStatement()) {
            sql.execute("CREATE TRIGGER not_done BEFORE INSERT ON run_stage WHEN NEW.stage = 'SNAPSHOT'"
                    + " BEGIN SELECT RAISE(ABORT, 'held by the test'); END");
            NodeProcess.killRetrainWhen(dataDir, () -> rows(sql, "training_snapshot") > 0);
            sql.execute("DROP TRIGGER not_done");
        }
        killedIn.add("SNAPSHOT");
    }

    private int rows(String table) throws SQLException {
        try (Connection database = database();
                Statement sql = database.createStatement()) {
            return rows(sql, table);
        }
    }

    private static int rows(Statement sql, String table) throws SQLException {
        try (ResultSet row = sql.executeQuery("SELECT count(*) FROM " + table)) {
            return row.getInt(1);
        }
    }

    private Connection database() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("palimpsest.db") + "?busy_timeout=10000");
    }

    private void settings(Server server, IndexDoor door) throws IOException {
        Map<String, String> all = new HashMap<>(RunCalls.settings(dataDir, trainer, door));
        all.putAll(Map.of(
                "data.dir", dataDir.toString(),
                "http.port", "0",
                "kafka.embedded.port", "0",
                "temporal.ui.port", "0",
                "retrain.labelling", "PT3S",
                "rollout.shadow", "PT2S",
                "rollout.watch", "PT4S"));
        if (server == Server.DEVELOPMENT) {
            all.put("temporal.program", TemporalProcess.program().toString());
        }
        KillableService.prepare(dataDir, all);
    }

    /** A killed process leaves its server running. */
    private void endTemporal() throws IOException {
        Path pid = dataDir.resolve("temporal").resolve("temporal.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
