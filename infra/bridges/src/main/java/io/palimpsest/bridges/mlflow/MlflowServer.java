package io.palimpsest.bridges.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.config.MlflowSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * What we ask of a server. The client's newest version knows registered models for reading only; they are written over its own
 * connection, in the REST API 2.0.
 *
 * <p>Threading: safe. Ordering and idempotency: everything is looked for by a tag with our id before it is made; to be used by one process
 * at a time. Failure: {@link ErrorCode#MLFLOW_UNAVAILABLE}; {@link MlflowRefusal} for what is never taken.
 */
final class MlflowServer implements AutoCloseable {
    /** Tag of what is ours: our id of the run or model. */
    static final String RUN_TAG = "palimpsest.run";

    static final String MODEL_TAG = "palimpsest.model";
    /** The most that the API gives at once. */
    private static final int PAGE = 1_000;

    /** Metrics, parameters and tags that it takes at once. */
    static final int BATCH = 1_000;

    private final MlflowClient client;

    MlflowServer(MlflowSettings settings) {
        String uri = settings.uri().orElseThrow().toString();
        String key = settings.key().value();
        this.client = new MlflowClient(
                settings.user().isEmpty()
                        ? key.isEmpty() ? new BasicMlflowHostCreds(uri) : new BasicMlflowHostCreds(uri, key)
                        : new BasicMlflowHostCreds(uri, settings.user(), key));
    }

    /** Id of the experiment, made where it is missing. */
    String experiment(String name) {
        return asked(() -> client.getExperimentByName(name)
                .map(Service.Experiment::getExperimentId)
                .orElseGet(() -> client.createExperiment(name)));
    }

    /** Of the server, by ours. */
    Optional<String> run(String experiment, String ours) {
        String filter = "tags.`" + RUN_TAG + "` = '" + ours + "'";
        return asked(() ->
                client.searchRuns(List.of(experiment), filter, Service.ViewType.ACTIVE_ONLY, 1).getItems().stream()
                        .map(run -> run.getInfo().getRunId())
                        .findFirst());
    }

    String createRun(String experiment, String ours, long startMillis) {
        return asked(() -> client.createRun(Service.CreateRun.newBuilder()
                        .setExperimentId(experiment)
                        .setStartTime(startMillis)
                        .setRunName(ours)
                        .addTags(Service.RunTag.newBuilder().setKey(RUN_TAG).setValue(ours))
                        .build())
                .getRunId());
    }

    /** Logged again, the same is the same. */
    void log(
            String run,
            Map<String, String> params,
            Map<String, Double> metrics,
            Map<String, String> tags,
            long atMillis) {
        List<Service.Metric> all = metrics.entrySet().stream()
                .map(metric -> Service.Metric.newBuilder()
                        .setKey(metric.getKey())
                        .setValue(metric.getValue())
                        .setTimestamp(atMillis)
                        .setStep(0)
                        .build())
                .toList();
        int first = Math.min(all.size(), BATCH - params.size() - tags.size());
        batch(run, all.subList(0, first), params, tags);
        for (int from = first; from < all.size(); from += BATCH) {
            batch(run, all.subList(from, Math.min(all.size(), from + BATCH)), Map.of(), Map.of());
        }
    }

    private void batch(String run, List<Service.Metric> metrics, Map<String, String> params, Map<String, String> tags) {
        asked(() -> {
            client.logBatch(
                    run,
                    metrics,
                    params.entrySet().stream()
                            .map(param -> Service.Param.newBuilder()
                                    .setKey(param.getKey())
                                    .setValue(param.getValue())
                                    .build())
                            .toList(),
                    tags.entrySet().stream()
                            .map(tag -> Service.RunTag.newBuilder()
                                    .setKey(tag.getKey())
                                    .setValue(tag.getValue())
                                    .build())
                            .toList());
            return run;
        });
    }

    void end(String run, Service.RunStatus status, long atMillis) {
        asked(() -> {
            client.setTerminated(run, status, atMillis);
            return run;
        });
    }

    boolean hasModel(String name) {
        try {
            return !client.sendGet("registered-models/get?name=" + encoded(name))
                    .isEmpty();
        } catch (MlflowClientException e) {
            if (String.valueOf(e.getMessage()).contains("RESOURCE_DOES_NOT_EXIST")) {
                return false;
            }
            throw failure(e);
        }
    }

    void createModel(String name, String description) {
        post("registered-models/create", Map.of("name", name, "description", description));
    }

    /** Number of the version, by our id of the model. */
    Optional<String> version(String name, String ours) {
        String filter = encoded("name='" + name + "'");
        JsonNode found = asked(() -> Json.read(
                client.sendGet("model-versions/search?max_results=" + PAGE + "&filter=" + filter)
                        .getBytes(StandardCharsets.UTF_8),
                JsonNode.class));
        for (JsonNode version : found.path("model_versions")) {
            for (JsonNode tag : version.path("tags")) {
                if (tag.path("key").asText().equals(MODEL_TAG)
                        && tag.path("value").asText().equals(ours)) {
                    return Optional.of(version.path("version").asText());
                }
            }
        }
        return Optional.empty();
    }

    /** @param version fields as the API names them, but for the name of the model; returns its number */
    String createVersion(String name, Map<String, Object> version) {
        Map<String, Object> all = new TreeMap<>(version);
        all.put("name", name);
        return post("model-versions/create", all)
                .path("model_version")
                .path("version")
                .asText();
    }

    void tagVersion(String name, String version, String key, String value) {
        post("model-versions/set-tag", Map.of("name", name, "version", version, "key", key, "value", value));
    }

    /** Moves it where it points elsewhere. */
    void alias(String name, String alias, String version) {
        post("registered-models/alias", Map.of("name", name, "alias", alias, "version", version));
    }

    private JsonNode post(String path, Map<String, ?> body) {
        return asked(() -> Json.read(
                client.sendPost(path, Json.writeText(body)).getBytes(StandardCharsets.UTF_8), JsonNode.class));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (MlflowClientException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(MlflowClientException e) {
        return MlflowRefusal.of(e)
                .<RuntimeException>map(refusal -> refusal)
                .orElseGet(() -> new PalimpsestException(
                        ErrorCode.MLFLOW_UNAVAILABLE, "the MLflow server did not take what it was told", e));
    }

    @Override
    public void close() {
        client.close();
    }
}
