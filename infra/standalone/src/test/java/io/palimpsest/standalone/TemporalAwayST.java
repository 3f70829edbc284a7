package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.standalone.cli.ApiClient;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Temporal is killed and started again on its database in the middle of every stage of one run, and once it is away for more
 * than a minute: the run goes on as if nothing had been, and people go on searching.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class TemporalAwayST {
    private static final int JUDGED = 120;
    private static final Duration AWAY = Duration.ofSeconds(65);

    @TempDir
    private Path work;

    private final NearWords world = new NearWords(JUDGED, 13);
    private final List<String> restartedIn = new ArrayList<>();
    private TemporalProcess temporal;

    @BeforeEach
    void startTemporal() throws Exception {
        temporal = TemporalProcess.start(work.resolve("temporal"));
    }

    @AfterEach
    void endTemporal() throws InterruptedException {
        temporal.close();
    }

    @Test
    void runGoesOnWhereTemporalWasStartedAgainInEveryStageAndSearchGoesOnWhileItIsAway() throws Exception {
        Path dataDir = work.resolve("data");
        Files.createDirectories(dataDir);
        ShellTrainer trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
        trainer.hold();
        try (IndexDoor door = new IndexDoor(dataDir);
                House house = House.start(dataDir, settings(dataDir, trainer, temporal, door), HalfBlind.factory())) {
            ApiClient client = house.client();
            world.publishFirst(client, JUDGED);
            world.judge(client, JUDGED);
            String before = RunCalls.live(client);
            Map<String, Object> order = Map.of("name", "disturbed", "trainer", "command", "labels", 1_000);
            String run = RunCalls.begin(client, order);
            assertFoundByStage("LABEL", run);
            restart("LABEL");
            House.until(() -> trainer.begun() > 0);
            assertFoundByStage("TRAIN", run);
            restart("TRAIN");

            Runnable built = door.arm(IndexDoor.MAKE, () -> restart("EVALUATE, build"));
            trainer.release();
            built.run();
            door.arm(IndexDoor.searchBeside(before), () -> restart("EVALUATE, measure"))
                    .run();
            House.until(() -> RunCalls.waitsForApproval(client, run));
            String meanwhile = away(house, run, door);
            door.arm(IndexDoor.SHADOW, () -> restart("SHADOW")).run();
            door.arm(IndexDoor.SWAP, () -> restart("SWAP")).run();
            door.arm(IndexDoor.searchOf(before), () -> restart("WATCH")).run();

            JsonNode end = RunCalls.ended(client, run);
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("PROMOTED");
            assertThat(RunCalls.live(client)).isNotEqualTo(before);
            assertThat(RunCalls.generations(client).path("generations")).hasSize(2);
            assertThat(trainer.done()).isEqualTo(1);
            assertThat(RunCalls.ended(client, meanwhile).path("outcome").asText())
                    .isEqualTo("CANCELLED");
            House.until(() -> runs(house, LedgerEntry.Type.RUN_ENDED).containsAll(List.of(run, meanwhile)));
            assertThat(runs(house, LedgerEntry.Type.RUN_ENDED)).containsExactlyInAnyOrder(run, meanwhile);
            assertThat(runs(house, LedgerEntry.Type.MODEL_PROMOTED)).containsExactly(run);
        } finally {
            System.out.println("TemporalAwayST: started again in " + restartedIn);
        }
    }

    /**
     * While a candidate waits for people. What they say then counts.
     *
     * @return the run that was begun and cancelled meanwhile
     */
    private String away(House house, String run, IndexDoor door) throws Exception {
        ApiClient client = house.client();
        temporal.kill();
        long until = System.nanoTime() + AWAY.toNanos();
        House.until(() -> {
            var health = house.get("/health/ready", house.palimpsest.key());
            return health.statusCode() == 503
                    && health.body().contains("Temporal at " + temporal.address() + " does not answer");
        });
        assertThatThrownBy(() -> RunCalls.begin(client, Map.of("name", "meanwhile", "trainer", "command")))
                .hasMessageContaining("PAL-721");
        String meanwhile = RunCalls.other(client, run);
        RunCalls.cancel(client, meanwhile);
        RunCalls.approve(client, run);
        while (System.nanoTime() < until) {
            assertThat(house.found("keyword", world.text(5))).first().isEqualTo(NearWords.id(5));
            TimeUnit.SECONDS.sleep(1);
        }
        Runnable building = door.arm(IndexDoor.LOOK_AT_ONE, () -> restart("BUILD"));
        temporal.startAgain();
        restartedIn.add("APPROVE, after " + AWAY);
        house.untilReady();
        building.run();
        return meanwhile;
    }

    private void restart(String stage) throws Exception {
        temporal.killAndStartAgain();
        restartedIn.add(stage);
    }

    /** As people find it in Temporal's own UI. */
    private void assertFoundByStage(String stage, String run) throws Exception {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporal.address())
                .build());
        try {
            WorkflowClient client = WorkflowClient.newInstance(stubs);
            House.until(() -> client.listExecutions(
                            "PalimpsestStage = '" + stage + "' AND PalimpsestCollection = 'local/default'")
                    .anyMatch(found -> found.getExecution().getWorkflowId().equals("fine-tune/" + run)));
        } finally {
            stubs.shutdownNow();
        }
    }

    /** Each act once, as the ledger has it. */
    private static List<String> runs(House house, LedgerEntry.Type type) {
        Map<String, String> acts = new LinkedHashMap<>();
        house.ledger().stream()
                .filter(entry -> entry.type() == type)
                .forEach(entry ->
                        acts.put(entry.entryId(), String.valueOf(entry.facts().get("run"))));
        return List.copyOf(acts.values());
    }

    private static Map<String, String> settings(
            Path dataDir, ShellTrainer trainer, TemporalProcess server, IndexDoor door) {
        Map<String, String> all = new HashMap<>(RunCalls.settings(dataDir, trainer, door));
        all.putAll(Map.of(
                "temporal.address", server.address(),
                "retrain.labelling", "PT15S",
                "rollout.shadow", "PT3S",
                "rollout.watch", "PT10S"));
        return all;
    }
}
