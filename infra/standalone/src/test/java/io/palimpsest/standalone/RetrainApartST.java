package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.security.TrustedServers;
import io.palimpsest.standalone.cli.ServerAddress;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.PostgresEngine;
import io.palimpsest.testkit.engine.TemporalEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ingest, index and retrain as processes of their own with a deployment's secrets, over TLS, on a Temporal server: the runs of two
 * tenants go each to its own collection of the index process, and when a retrain process is killed, another goes on with its run.
 */
@Timeout(600)
@NeedsEngine({EngineKind.KAFKA, EngineKind.POSTGRES, EngineKind.TEMPORAL})
final class RetrainApartST {
    private static final List<String> TENANTS = List.of("acme", "other");
    private static final int QUERIES = 120;
    private static final Duration LONGEST = Duration.ofMinutes(4);

    @TempDir
    Path work = Path.of("");

    private final Map<String, String> shared = new HashMap<>();
    private final Map<String, URI> addresses = new HashMap<>();
    private final KafkaEngine kafka;
    private final TemporalEngine temporal;
    private HttpClient http = HttpClient.newHttpClient();

    RetrainApartST(PostgresEngine postgres, TemporalEngine temporal) throws SQLException {
        this.kafka = KafkaEngine.startContainer(Map.of()); // topics and groups have names of their own
        this.temporal = temporal;
        shared.putAll(kafka.settings());
        shared.putAll(postgres.newDatabase().settings());
        shared.put("extract.workers", "1");
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        kafka.close();
    }

    @Test
    void runsOfEveryTenantReachItsCollectionAlsoWhenARetrainProcessIsKilled() throws Exception {
        Path secrets = work.resolve("secrets");
        assertThat(new DeploymentSecrets(secrets).make(List.of())).contains("ca.pem");
        Files.writeString(
                secrets.resolve("keys.json"),
                Json.writeText(TENANTS.stream().map(RetrainApartST::key).toList()));
        shared.put("content.dir", work.resolve("content").toString());
        shared.put("content.master.key.file", secrets.resolve("master.key").toString());
        shared.put("http.key.file", secrets.resolve("keys.json").toString());
        shared.put("http.tls.keystore", secrets.resolve("tls.p12").toString());
        shared.put(
                "http.tls.password",
                Files.readString(secrets.resolve("tls.password")).strip());
        http = HttpClient.newBuilder()
                .sslContext(TrustedServers.context(secrets.resolve("ca.pem")))
                .build();
        try (Cluster cluster = new Cluster(work, shared)) {
            cluster.start("ingest-1", "index-1");
            know("ingest-1", "index-1");
            ShellTrainer trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
            for (String tenant : TENANTS) {
                somethingIsIndexed(tenant);
            }
            try (NodeProcess first = retrain(cluster, "retrain-1", trainer)) {
                String run = begun("acme", "retrain-1", "adapter");
                JsonNode ended = ended("acme", "retrain-1", run);
                // The cheap embedder of tests is not the base of what is trained: the index service says so.
                assertThat(ended.path("outcome").asText()).as(ended.toString()).isEqualTo("FAILED");
                assertThat(ended.path("reason").asText()).isEqualTo("EVALUATE: MODEL_UNSUITABLE");
                feedbackIsTakenHereAndNowhereElse();
                itsMetricsTellOfIt();
                trainer.hold();
                String killed = begun("other", "retrain-1", "command");
                until(() -> trainer.begun() == 1);
                try (NodeProcess second = retrain(cluster, "retrain-2", trainer)) {
                    first.close();
                    until(() -> trainer.begun() == 2);
                    trainer.release();
                    JsonNode other = ended("other", "retrain-2", killed);
                    assertThat(other.path("outcome").asText())
                            .as(other.toString())
                            .isEqualTo("NOT_BETTER");
                    assertThat(trainer.done()).isEqualTo(1);
                    until(() -> metrics("retrain-2")
                            .contains("palimpsest_run_step_seconds_count{outcome=\"done\",stage=\"train\"} 1"));
                    second.stop();
                }
            }
        }
    }

    /** Starts one; its base model takes memory. */
    private NodeProcess retrain(Cluster cluster, String name, ShellTrainer trainer) throws Exception {
        Path data = cluster.prepared(
                name,
                Map.of(
                        "temporal.address",
                        temporal.target(),
                        "retrain.index.address",
                        "https://localhost:" + address("index-1").getPort(),
                        "retrain.index.ca.file",
                        work.resolve("secrets").resolve("ca.pem").toString(),
                        "retrain.silence",
                        "PT5S",
                        "tune.command",
                        trainer.program().toString(),
                        "kafka.lag.interval",
                        "PT1S"));
        NodeProcess process = NodeProcess.startService(data, "-Xmx1g");
        know(name);
        return process;
    }

    private static Map<String, Object> key(String tenant) {
        return Map.of(
                "keyHash", ContentHash.ofText(tenant + "-key").value(),
                "tenant", tenant,
                "name", "admin",
                "collections", List.of("*"),
                "roles", List.of(Role.values()));
    }

    private void know(String... names) throws Exception {
        for (String name : names) {
            addresses.put(
                    name, ServerAddress.read(work.resolve(name)).orElseThrow().api());
        }
    }

    private URI address(String name) {
        return addresses.getOrDefault(name, URI.create("https://localhost"));
    }

    private void somethingIsIndexed(String tenant) throws Exception {
        Map<String, Object> event = new HashMap<>(Map.of(
                "specversion", "1.0",
                "id", "1",
                "source", "/wiki",
                "type", "io.palimpsest.document.created",
                "subject", "urn:doc:1",
                "datacontenttype", "application/json",
                "data", Map.of("content", "Refunds of " + tenant, "contentType", "text/plain", "title", "Refunds")));
        HttpResponse<String> taken =
                post(tenant, "ingest-1", "/v1/changes", "application/cloudevents+json", Json.writeText(event));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        until(() -> search(tenant).path("hits").size() == 1);
    }

    private JsonNode search(String tenant) throws Exception {
        HttpResponse<String> found = post(
                tenant,
                "index-1",
                "/v1/collections/default/search",
                "application/json",
                Json.writeText(Map.of("query", "refunds", "mode", "keyword")));
        return found.statusCode() == 200
                ? Json.mapper().readTree(found.body())
                : Json.mapper().createObjectNode();
    }

    /** @return the run's id */
    private String begun(String tenant, String name, String trainer) throws Exception {
        HttpResponse<String> labels = post(
                tenant,
                name,
                "/v1/collections/default/judgements:import?name=made",
                "application/x-ndjson",
                labels(tenant));
        assertThat(labels.statusCode()).as(labels.body()).isEqualTo(200);
        HttpResponse<String> begun = post(
                tenant,
                name,
                "/v1/collections/default/runs",
                "application/json",
                Json.writeText(Map.of("name", "first", "trainer", trainer, "seed", 17)));
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return Json.mapper().readTree(begun.body()).path("run").asText();
    }

    private JsonNode ended(String tenant, String name, String run) throws Exception {
        try {
            until(() -> get(tenant, name, "/v1/runs/" + run).has("outcome"));
        } catch (AssertionError e) {
            throw new AssertionError(
                    get(tenant, name, "/v1/runs/" + run) + "\n" + NodeProcess.lastWords(work.resolve(name)), e);
        }
        JsonNode ended = get(tenant, name, "/v1/runs/" + run);
        assertThat(get(tenant, "index-1", "/v1/models").toString())
                .as("it came through the content store")
                .contains(ended.path("model").asText());
        return ended;
    }

    private void feedbackIsTakenHereAndNowhereElse() throws Exception {
        String query = search("acme").path("queryId").asText();
        String thumb = Json.writeText(Map.of("queryId", query, "kind", "thumb", "value", 1));
        until(() -> post("acme", "retrain-1", "/v1/feedback", "application/json", thumb)
                        .statusCode()
                == 202);
        assertThat(post("acme", "index-1", "/v1/feedback", "application/json", thumb)
                        .body())
                .contains("PAL-411");
        assertThat(post("other", "retrain-1", "/v1/feedback", "application/json", thumb)
                        .body())
                .contains("PAL-821");
    }

    private void itsMetricsTellOfIt() throws Exception {
        String judged = "palimpsest_review_items{state=\"done\"} " + 1.0 * QUERIES;
        until(() -> metrics("retrain-1").contains(judged)); // gauges are 0 before the first look
        until(() -> metrics("retrain-1").contains("palimpsest_runs{stage=\"train\"} 0.0"));
        assertThat(metrics("retrain-1"))
                .contains("palimpsest_runs_ended_runs_total{outcome=\"failed\"} 1.0")
                .contains("palimpsest_run_step_seconds_count{outcome=\"done\",stage=\"train\"} 1")
                .contains("palimpsest_run_step_seconds_count{outcome=\"failed\",stage=\"evaluate\"} 1")
                .contains("palimpsest_training_steps_total{trainer=\"adapter\"}")
                .contains("palimpsest_feedback_records_total{error=\"none\",outcome=\"taken\"} 1.0")
                .contains("palimpsest_feedback_records_total{error=\"PAL-821\",outcome=\"refused\"} 1.0")
                .contains("palimpsest_parts_ready{part=\"temporal\"} 1.0")
                .contains("palimpsest_kafka_lag_records{group=\"document-standings\"")
                .contains("palimpsest_kafka_lag_records{group=\"drift-alarms\"");
        assertThat(metrics("index-1")).contains("palimpsest_generations{state=\"live\"} 2.0"); // of both tenants
    }

    private String metrics(String name) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(address(name).resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** As many questions as documents, each of its own words. */
    private static String labels(String tenant) {
        Random random = new Random(tenant.hashCode());
        List<String> texts = new ArrayList<>();
        List<String> grades = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            String question = words(random, 6);
            texts.add(line("corpus", Map.of("_id", "d" + i, "title", "", "text", question + " " + words(random, 20))));
            texts.add(line("query", Map.of("_id", "q" + i, "text", question)));
            grades.add(line("qrel", Map.of("query-id", "q" + i, "corpus-id", "d" + i, "score", 2)));
        }
        return String.join("\n", texts) + "\n" + String.join("\n", grades) + "\n";
    }

    private static String line(String kind, Map<String, ?> value) {
        return Json.writeText(Map.of(kind, value));
    }

    private static String words(Random random, int count) {
        return random.ints(count, 0, 4_000)
                .mapToObj(n -> "w" + Integer.toString(n, 36))
                .collect(Collectors.joining(" "));
    }

    private JsonNode get(String tenant, String name, String path) throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(address(name).resolve(path))
                        .header("Authorization", "Bearer " + tenant + "-key")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.mapper().readTree(response.body());
    }

    private HttpResponse<String> post(String tenant, String name, String path, String type, String body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(address(name).resolve(path))
                        .header("Authorization", "Bearer " + tenant + "-key")
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Something that comes true. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it has not come true").isLessThan(end);
            Thread.sleep(100);
        }
    }
}
