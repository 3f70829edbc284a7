package io.palimpsest.bridges.mlflow;

import static io.palimpsest.bridges.BridgeWorld.MODEL;
import static io.palimpsest.bridges.BridgeWorld.SNAPSHOT;
import static io.palimpsest.bridges.BridgeWorld.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.bridges.BridgeWorld;
import io.palimpsest.bridges.BridgesApp;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.testkit.engine.MlflowProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.tracking.MlflowClient;

/** On a real MLflow server. */
final class MlflowBridgeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NAME = "palimpsest.acme.handbook";
    private static final String BASE = "all-minilm-l6-v2/int8/11112222";
    private static final String REPORT = """
            {"run":"run-1","promotes":true,"sentence":"Better: the candidate may be promoted.","evaluation":{
             "serving":"all-minilm-l6-v2/int8/11112222","candidate":"all-minilm-l6-v2-lora/int8/0a1b2c3d","seed":7,
             "slices":[{"name":"test-unseen","kind":"DOCUMENT_DISJOINT","queries":120,"differences":[],
               "measures":{"NDCG_AT_10":{"serving":0.5,"candidate":0.625,"gain":0.125,"low":0.0625,"high":0.1875}}}],
             "servingLoad":{"p50Millis":3,"p95Millis":9,"costPerThousand":0},
             "candidateLoad":{"p50Millis":4,"p95Millis":11,"costPerThousand":0}}}""";

    @Test
    void runsAndModelsAreThereOnceWhateverIsKilled(@TempDir Path folder) throws Exception {
        try (MlflowProcess mlflow = MlflowProcess.start(folder.resolve("mlflow"));
                BridgeWorld world = new BridgeWorld(folder);
                MlflowClient client = new MlflowClient(mlflow.uri())) {
            world.evaluated(REPORT);
            Map<String, String> settings = Map.of("mlflow.uri", mlflow.uri());
            try (BridgesApp bridges = world.bridges(settings)) {
                bridges.start();
                world.say(live("g1", BASE, 1));
                until(() -> BASE.equals(champion(client)));
                world.say(entry(LedgerEntry.Type.RUN_STARTED, "run-1", Map.of("run", "run-1")));
                world.say(entry(LedgerEntry.Type.MODEL_REGISTERED, MODEL, Map.of("run", "run-1", "model", MODEL)));
                world.say(live("g2", MODEL, 2));
                until(() -> MODEL.equals(champion(client)));

                mlflow.kill();
                world.say(entry(LedgerEntry.Type.RUN_ENDED, "run-1", Map.of("run", "run-1", "model", MODEL)));
                world.say(live("g1", BASE, 3));
                until(() -> Objects.requireNonNull(world.health.states().get("mlflow"))
                        .detail()
                        .contains("PAL-927"));
            }
            mlflow.startAgain();
            try (BridgesApp bridges = world.bridges(settings)) {
                bridges.start();
                until(() -> BASE.equals(champion(client)));
                world.say(live("g2", MODEL, 4));
                until(() -> MODEL.equals(champion(client)));
            }
            again(world, settings, client);
            agree(client);
        }
    }

    /** What the topic holds from its beginning, told anew by a bridge that has forgotten where it was: nothing is made twice. */
    private static void again(BridgeWorld world, Map<String, String> settings, MlflowClient client) throws Exception {
        world.forget("mlflow");
        try (BridgesApp bridges = world.bridges(settings)) {
            bridges.start();
            world.say(live("g1", BASE, 5));
            until(() -> BASE.equals(champion(client)) && world.isRead("mlflow"));
        }
    }

    private static void agree(MlflowClient client) {
        String experiment =
                client.getExperimentByName("palimpsest").orElseThrow().getExperimentId();
        List<Run> runs = client.searchRuns(List.of(experiment), "", Service.ViewType.ALL, 10)
                .getItems();
        assertThat(runs).hasSize(1);
        Run run = runs.getFirst();
        assertThat(run.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
        assertThat(map(run.getData().getParamsList(), Service.Param::getKey, Service.Param::getValue))
                .containsEntry("trainer", "lora")
                .containsEntry("seed", "7")
                .containsEntry("collection", "acme/handbook");
        assertThat(map(run.getData().getTagsList(), Service.RunTag::getKey, Service.RunTag::getValue))
                .containsEntry("palimpsest.run", "run-1")
                .containsEntry("palimpsest.training_set", SNAPSHOT)
                .containsEntry("palimpsest.outcome", "PROMOTED")
                .containsKey("palimpsest.ledger.entry");
        assertThat(map(run.getData().getMetricsList(), Service.Metric::getKey, Service.Metric::getValue))
                .containsEntry("ndcg_at_10.test-unseen", 0.625)
                .containsEntry("ndcg_at_10.test-unseen.serving", 0.5)
                .containsEntry("ndcg_at_10.test-unseen.gain_low", 0.0625)
                .containsEntry("search_p95_millis", 11.0);
        assertThat(client.getMetricHistory(run.getInfo().getRunId(), "search_p95_millis"))
                .hasSize(1);

        List<ModelVersion> versions = new ArrayList<>();
        client.searchModelVersions("name='" + NAME + "'").getItems().forEach(versions::add);
        assertThat(versions)
                .extracting(ModelVersion::getSource)
                .containsExactlyInAnyOrder("palimpsest://models/" + BASE, "palimpsest://models/" + MODEL);
        assertThat(versions)
                .filteredOn(version -> version.getSource().endsWith(MODEL))
                .singleElement()
                .satisfies(version ->
                        assertThat(version.getRunId()).isEqualTo(run.getInfo().getRunId()));
    }

    private static LedgerEntry live(String generation, String model, int number) {
        return entry(
                LedgerEntry.Type.GENERATION_LIVE,
                generation + "\n" + number,
                Map.of("generation", generation, "model", model, "act", "SWAP"));
    }

    /** Our id of the model that the alias points at. */
    private static String champion(MlflowClient client) {
        try {
            JsonNode version = Json.read(
                    client.sendGet("registered-models/alias?alias=champion&name=" + NAME)
                            .getBytes(StandardCharsets.UTF_8),
                    JsonNode.class);
            return version.path("model_version").path("source").asText().replace("palimpsest://models/", "");
        } catch (RuntimeException e) {
            return "none";
        }
    }

    private static <T, V> Map<String, V> map(List<T> items, Function<T, String> key, Function<T, V> value) {
        Map<String, V> map = new TreeMap<>();
        items.forEach(item -> map.put(key.apply(item), value.apply(item)));
        return map;
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        assertThat(Condition.await(condition::getAsBoolean, PATIENCE, Duration.ofMillis(200)))
                .isTrue();
    }
}
