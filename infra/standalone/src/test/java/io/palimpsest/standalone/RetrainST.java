package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From judgements to the gate with the real embedder and the workflows of a run, on SciFact's first claims. */
@Timeout(600)
final class RetrainST {
    private static final Path SCIFACT =
            Path.of(System.getProperty("palimpsest.root", ".")).resolve("../shared/data/scifact");
    private static final int CLAIMS = 120;
    private static final Map<String, String> SETTINGS = Map.of(
            "judgement.snapshot.minimum", "50",
            "gate.promotion.latency.floor.ms", "10000",
            "rollout.shadow", "PT0S",
            "rollout.watch", "PT0S",
            "drift.canary.every", "PT20S",
            "drift.canary.questions", "20");

    @TempDir
    private Path data;

    @Test
    void candidateIsTrainedAndMeasuredOnAGenerationOfItsOwnAndTheWorseOneNeverServes() throws Exception {
        assumeTrue(Files.isDirectory(SCIFACT), "no test collection at " + SCIFACT);
        TestCollection claims = TestCollection.scifactTraining(SCIFACT).firstQueries(CLAIMS);
        String run;
        try (House house = House.startForReal(data, SETTINGS)) {
            publish(house, claims);
            String served = house.get("/v1/collections/default/generations")
                    .path("live")
                    .asText();
            assertThat(post(house, "/v1/collections/default/judgements:import?name=scifact", lines(claims))
                            .statusCode())
                    .isEqualTo(200);

            run = begin(house);
            assertThat(begin(house)).as("the same name is the same run").isEqualTo(run);
            JsonNode end = ended(house, run);

            assertThat(end.path("outcome").asText()).as(end.toString()).isIn("NOT_BETTER", "PROMOTED");
            JsonNode report = house.get("/v1/runs/" + run + "/report?format=json");
            assertThat(report.path("evaluation").path("slices")).isNotEmpty();
            assertThat(report.path("promotes").asBoolean())
                    .isEqualTo(end.path("outcome").asText().equals("PROMOTED"));
            String live = house.get("/v1/collections/default/generations")
                    .path("live")
                    .asText();
            assertThat(live.equals(served))
                    .isEqualTo(end.path("outcome").asText().equals("NOT_BETTER"));
            House.until(() -> types(house).contains(LedgerEntry.Type.RUN_ENDED));
            canaries(house);
            assertThat(types(house)).contains(LedgerEntry.Type.SNAPSHOT_MADE, LedgerEntry.Type.RUN_ENDED);
            assertThat(data.resolve("retrain").resolve("runs").resolve(run)).doesNotExist();
            assertThat(inClear(claims))
                    .as("texts of the training set on the disk")
                    .isEmpty();
            costs(house, claims);
            described(house, run, judged(claims).iterator().next());
        }
        try (House again = House.startForReal(data, SETTINGS)) {
            JsonNode runs = again.get("/v1/collections/default/runs").path("runs");
            assertThat(runs).hasSize(1);
            assertThat(runs.get(0).path("run").asText()).isEqualTo(run);
            assertThat(runs.get(0).path("outcome").asText()).isNotEmpty();
            assertThat(again.get("/v1/runs/" + run + "/report?format=json")
                            .path("run")
                            .asText())
                    .as("shown by another process than the one that evaluated")
                    .isEqualTo(run);
            feedback(again);
        }
    }

    /** The judged claims are asked of the live generation, and what it answers holds. */
    private static void canaries(House house) throws Exception {
        House.until(
                () -> signal(house, "canaries").path("newest").path("samples").asLong() == 20
                        && signal(house, "canary-overlap").has("newest"));
        assertThat(signal(house, "canaries").path("state").asText()).isEqualTo("CALM");
        House.until(() -> {
            String metrics = house.get("/metrics", null).body();
            assertThat(metrics).containsPattern("palimpsest_canary_overlap_ratio (1\\.0|0\\.9)");
            assertThat(metrics).containsPattern("palimpsest_canary_ndcg_ratio 0\\.[3-9]");
            return true;
        });
    }

    private static JsonNode signal(House house, String id) throws Exception {
        for (JsonNode signal : house.get("/v1/collections/default/drift").path("signals")) {
            if (signal.path("signal").asText().equals(id)) {
                return signal;
            }
        }
        throw new AssertionError("no signal " + id);
    }

    /** Files of training in which a judged document's text is to be read; the index has texts of its own. */
    private List<Path> inClear(TestCollection claims) throws IOException {
        Set<String> judged = judged(claims);
        List<byte[]> texts = claims.documents().stream()
                .filter(document -> judged.contains(document.id()))
                .map(document -> document.text().substring(0, 60).getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data.resolve("retrain"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (texts.stream().anyMatch(text -> content.contains(new String(text, StandardCharsets.ISO_8859_1)))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** Re-indexing and training are both in the costs, a few seconds behind. */
    private static void costs(House house, TestCollection claims) throws Exception {
        House.until(() -> {
            JsonNode costs = house.get("/v1/collections/default/costs");
            return costs.path("reindexing").path("count").asLong()
                            >= judged(claims).size()
                    && costs.path("training").path("count").asLong() == 1;
        });
        JsonNode costs = house.get("/v1/collections/default/costs");
        assertThat(costs.path("reindexing").path("cpuSeconds").asDouble()).isPositive();
        assertThat(costs.path("reindexing").path("embedded").asLong()).isPositive();
        assertThat(costs.path("training").path("cpuSeconds").asDouble()).isPositive();
        assertThat(costs.has("currency")).isFalse();
    }

    /** What a server that has trained tells is of the form that it describes. */
    private static void described(House house, String run, String judged) throws Exception {
        DescribedCalls api = house.described();
        String collection = "/v1/collections/default";
        assertThat(api.get(200, collection + "/runs").path("runs")).hasSize(1);
        api.get(200, "/v1/runs/" + run);
        api.get(200, "/v1/runs/" + run + "/report?format=json");
        assertThat(api.get(200, collection + "/drift").path("windows")).isNotEmpty();
        assertThat(api.get(200, collection + "/costs").path("details")).isNotEmpty();
        assertThat(api.get(200, collection + "/learned?document=scifact:" + judged)
                        .path("snapshots")
                        .path(0)
                        .path("runs"))
                .hasSize(1);
        api.get(200, "/v1/registry/artifacts");
        api.get(200, collection + "/ledger/live");
        assertThat(api.wrong()).isEmpty();
    }

    private static void feedback(House house) throws Exception {
        String query = house.search("hybrid", "stem cells", house.palimpsest.key())
                .path("queryId")
                .asText();
        String thumb = Json.writeText(Map.of("queryId", query, "kind", "thumb", "value", 1));
        House.until(() -> post(house, "/v1/feedback", thumb).statusCode() == 202);
        assertThat(post(house, "/v1/feedback", thumb).statusCode())
                .as("sent again")
                .isEqualTo(200);
        String forged = Json.writeText(Map.of("queryId", "never-asked", "kind", "thumb", "value", 1));
        assertThat(post(house, "/v1/feedback", forged).body()).contains("PAL-821");
    }

    private static String begin(House house) throws Exception {
        HttpResponse<String> begun = post(
                house,
                "/v1/collections/default/runs",
                Json.writeText(Map.of("name", "first", "trainer", "adapter", "seed", 17)));
        assertThat(begun.statusCode()).as(begun.body()).isIn(200, 202);
        return House.json(begun).path("run").asText();
    }

    /** Approves where a person is asked. */
    private static JsonNode ended(House house, String run) throws Exception {
        for (int looks = 0; looks < 5; looks++) {
            try {
                House.until(() -> {
                    JsonNode now = house.get("/v1/runs/" + run);
                    return now.has("outcome")
                            || now.path("approval").path("outcome").asText().equals("WAITING");
                });
            } catch (AssertionError e) {
                continue; // a training takes its time on a busy machine; the test's own limit ends this
            }
            JsonNode now = house.get("/v1/runs/" + run);
            if (now.has("outcome")) {
                return now;
            }
            post(house, "/v1/runs/" + run + "/approve", "{\"reason\":\"better on every slice\"}");
        }
        throw new AssertionError("run " + run + " has not ended");
    }

    private static Set<LedgerEntry.Type> types(House house) {
        return house.ledger().stream().map(LedgerEntry::type).collect(Collectors.toSet());
    }

    private static void publish(House house, TestCollection claims) throws Exception {
        Set<String> judged = judged(claims);
        for (TestCollection.Document document : claims.documents()) {
            if (judged.contains(document.id())) {
                house.publish(
                        "created",
                        "scifact:" + document.id(),
                        Json.writeText(Map.of(
                                "content",
                                document.title() + "\n\n" + document.text(),
                                "contentType",
                                "text/plain",
                                "title",
                                document.title())));
            }
        }
        house.settled();
    }

    private static Set<String> judged(TestCollection claims) {
        Set<String> judged = new TreeSet<>();
        claims.qrels().values().forEach(of -> judged.addAll(of.keySet()));
        return judged;
    }

    private static String lines(TestCollection claims) {
        StringBuilder lines = new StringBuilder();
        Set<String> judged = judged(claims);
        for (TestCollection.Document document : claims.documents()) {
            if (judged.contains(document.id())) {
                line(
                        lines,
                        "corpus",
                        Map.of("_id", "scifact:" + document.id(), "title", document.title(), "text", document.text()));
            }
        }
        claims.qrels()
                .keySet()
                .forEach(id -> line(
                        lines,
                        "query",
                        Map.of("_id", id, "text", claims.queries().getOrDefault(id, ""))));
        claims.qrels()
                .forEach((query, of) -> of.forEach((document, grade) -> line(
                        lines, "qrel", Map.of("query-id", query, "corpus-id", "scifact:" + document, "score", grade))));
        return lines.toString();
    }

    private static void line(StringBuilder lines, String kind, Map<String, ?> value) {
        lines.append(Json.writeText(Map.of(kind, value))).append('\n');
    }

    private static HttpResponse<String> post(House house, String path, String body) throws Exception {
        return house.send(house.request(path, house.palimpsest.key())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }
}
