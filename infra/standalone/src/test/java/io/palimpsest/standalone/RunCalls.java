package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.standalone.cli.ApiClient;
import java.nio.file.Path;
import java.util.Map;

/** What people do with runs of the collection {@code default}. */
final class RunCalls {
    private static final String RUNS = "/v1/collections/default/runs";

    private RunCalls() {}

    /** Of a run that is disturbed: it trains by this program, and asks the index through this door. */
    static Map<String, String> settings(Path dataDir, ShellTrainer trainer, IndexDoor door) {
        return Map.of(
                "tune.command", trainer.program().toString(),
                "judgement.snapshot.minimum", "50",
                "retrain.silence", "PT5S",
                "retrain.index.address", door.address().toString(),
                "retrain.index.key", LocalKey.ensure(dataDir).secret(),
                "gate.promotion.latency.floor.ms",
                        "10000", // what a busy machine makes of the time of a search is not tested
                "rollout.shadow.share", "1",
                "rollout.watch.every", "PT1S");
    }

    /** @return its id */
    static String begin(ApiClient client, Map<String, ?> order) {
        return client.post(RUNS, order).path("run").asText();
    }

    static JsonNode get(ApiClient client, String run) {
        return client.get("/v1/runs/" + run);
    }

    static boolean waitsForApproval(ApiClient client, String run) {
        JsonNode now = get(client, run);
        if (now.has("outcome")) {
            throw new IllegalStateException("ended before anybody was asked: " + now);
        }
        return now.path("approval").path("outcome").asText().equals("WAITING");
    }

    static void approve(ApiClient client, String run) {
        client.post("/v1/runs/" + run + "/approve", Map.of("reason", "better on what was not seen"));
    }

    static void cancel(ApiClient client, String run) {
        client.post("/v1/runs/" + run + "/cancel", Map.of());
    }

    /** The newest that is not this one. */
    static String other(ApiClient client, String run) {
        for (JsonNode each : client.get(RUNS).path("runs")) {
            if (!each.path("run").asText().equals(run)) {
                return each.path("run").asText();
            }
        }
        throw new IllegalStateException("there is one run only");
    }

    static JsonNode ended(ApiClient client, String run) throws Exception {
        House.until(() -> get(client, run).has("outcome"));
        return get(client, run);
    }

    static JsonNode generations(ApiClient client) {
        return client.get("/v1/collections/default/generations");
    }

    static String live(ApiClient client) {
        return generations(client).path("live").asText();
    }
}
