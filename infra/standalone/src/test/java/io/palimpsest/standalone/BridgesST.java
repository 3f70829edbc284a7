package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.testkit.engine.MlflowProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole house with both bridges and a run that is promoted: a lineage server and a real MLflow server hear of all of it. */
@Timeout(600)
final class BridgesST {
    private static final int JUDGED = 150;

    @TempDir
    private Path work;

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    @Test
    void aPromotionIsToldToBothAndStandsInTheRegistry() throws Exception {
        ShellTrainer trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
        HttpServer lineage = lineage();
        try (MlflowProcess mlflow = MlflowProcess.start(work.resolve("mlflow"));
                House house =
                        House.start(work.resolve("data"), settings(trainer, lineage, mlflow), HalfBlind.factory())) {
            ApiClient client = house.client();
            NearWords world = new NearWords(JUDGED, 7);
            world.publishFirst(client, JUDGED);
            world.judge(client, JUDGED);
            String before = RunCalls.live(client);
            String run = RunCalls.begin(client, Map.of("name", "better", "trainer", "command"));
            House.until(() -> RunCalls.waitsForApproval(client, run));
            RunCalls.approve(client, run);
            JsonNode end = RunCalls.ended(client, run);
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("PROMOTED");
            String model = end.path("model").asText();

            House.until(() -> jobs("COMPLETE")
                    .containsAll(Set.of(
                            "local/default/index-build",
                            "local/default/fine-tune",
                            "local/default/fine-tune/train",
                            "local/default/fine-tune/training-set")));
            House.until(() -> jobs("COMPLETE").stream().anyMatch(job -> job.startsWith("local/default/ingest/")));
            House.until(() -> champion(mlflow).endsWith(model));
            registry(client, before, model, run);
            commands(client, model);
        } finally {
            lineage.stop(0);
        }
        assertThat(events).allSatisfy(event -> assertThat(event.toString()).doesNotContain("urn:near"));
    }

    private static void registry(ApiClient client, String before, String model, String run) {
        Map<String, JsonNode> artifacts = StreamSupport.stream(
                        client.get("/v1/registry/artifacts").path("artifacts").spliterator(), false)
                .collect(Collectors.toMap(each -> each.path("id").asText(), each -> each, (a, b) -> a));
        assertThat(artifacts).containsKeys(model, before, run, RunCalls.live(client));
        assertThat(artifacts.values())
                .extracting(each -> each.path("kind").asText())
                .contains("EXTRACTOR", "PASSAGE_POLICY", "TOKENISER", "SNAPSHOT", "GENERATION", "RUN");
        JsonNode aliases = client.get("/v1/registry/aliases").path("aliases");
        assertThat(aliases.findValuesAsText("to")).contains(RunCalls.live(client), before, model);

        assertThatThrownBy(() -> client.delete("/v1/collections/default/generations/" + RunCalls.live(client)))
                .isInstanceOf(ApiClient.CallFailed.class);
        assertThat(client.get("/v1/collections/default/generations").toString()).contains(RunCalls.live(client));
        JsonNode card = client.get("/v1/registry/artifacts/"
                + ApiClient.encode(Objects.requireNonNull(artifacts.get(model))
                        .path("digest")
                        .asText()) + "/card");
        assertThat(card.findValuesAsText("heading"))
                .contains("Evaluation", "Approvals", "In the ledger", "Training and evaluation data");
        assertThat(card.toString()).contains("MODEL_REGISTERED", "approved", "ndcg_at_10", run);
    }

    private void commands(ApiClient client, String model) throws Exception {
        assertThat(said("registry", "list", "--kind", "SNAPSHOT")).contains("SNAPSHOT");
        assertThat(said("registry", "aliases")).contains("live", "serving", RunCalls.live(client));
        assertThat(said("registry", "show", model)).contains("\"snapshot\"");
        Path file = work.resolve("card.html");
        assertThat(said("registry", "card", model, "--output", file.toString())).isEmpty();
        assertThat(Files.readString(file)).startsWith("<!doctype html>").contains("Model card: " + model);
        assertThat(said("registry", "card", RunCalls.live(client), "--format", "json"))
                .contains("\"Index card: ");
    }

    private String said(String... words) {
        StringWriter out = new StringWriter();
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--data";
        all[words.length + 1] = work.resolve("data").toString();
        int code = Main.commandLine(Map.of())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(all);
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    private Set<String> jobs(String type) {
        return events.stream()
                .filter(event -> event.path("eventType").asText().equals(type))
                .map(event -> event.path("job").path("name").asText())
                .collect(Collectors.toSet());
    }

    /** Source of the version that the alias points at. */
    private static String champion(MlflowProcess mlflow) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(mlflow.uri()
                                        + "/api/2.0/mlflow/registered-models/alias?alias=champion"
                                        + "&name=palimpsest.local.default"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8), JsonNode.class)
                .path("model_version")
                .path("source")
                .asText();
    }

    private HttpServer lineage() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/api/v1/lineage", exchange -> {
            events.add(Json.read(exchange.getRequestBody().readAllBytes(), JsonNode.class));
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Map<String, String> settings(ShellTrainer trainer, HttpServer lineage, MlflowProcess mlflow) {
        return new HashMap<>(Map.of(
                "tune.command", trainer.program().toString(),
                "judgement.snapshot.minimum", "50",
                "gate.promotion.latency.floor.ms", "10000",
                "rollout.shadow", "PT1S",
                "rollout.watch", "PT3S",
                "rollout.watch.every", "PT1S",
                "lineage.transport", "http",
                "lineage.window", "PT2S",
                "lineage.url", "http://127.0.0.1:" + lineage.getAddress().getPort(),
                "mlflow.uri", mlflow.uri()));
    }
}
