package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.contracts.topic.Topics;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new model goes live beside the old one while changes arrive, and back, as an operator does it over HTTP. */
final class GenerationsST {
    private static final String GENERATIONS = "/v1/collections/default/generations";
    private static final int DOCUMENTS = 40;

    @TempDir
    private Path dir;

    @Test
    void aStoredModelIsBuiltSwappedInAndRolledBackOverHttpWhileChangesArrive() throws Exception {
        try (House house = House.start(dir.resolve("data"), Map.of())) {
            for (int i = 0; i < DOCUMENTS; i++) {
                house.publish(
                        "created", "urn:" + i, House.markdown("# Page " + i + "\n\nThe anvil of smith " + i + "."));
            }
            house.publish("deleted", "urn:0", "{}");
            house.settled();
            String model = registered(house);
            String first = house.get(GENERATIONS).path("live").asText();

            JsonNode estimate = ok(house, "POST", GENERATIONS, Map.of("model", model, "estimateOnly", true), 200);
            assertThat(estimate.path("documents").asInt()).isEqualTo(DOCUMENTS - 1);
            assertThat(estimate.path("textsToEmbed").asInt()).isPositive();

            String made = ok(house, "POST", GENERATIONS, Map.of("model", model), 202)
                    .path("id")
                    .asText();
            house.publish("created", "urn:late", House.markdown("# Late\n\nThe bellows came late."));
            house.publish("deleted", "urn:1", "{}");
            String one = GENERATIONS + "/" + made;
            House.until(() -> house.get(one).path("state").asText().equals("READY"));
            house.settled();
            ok(house, "PUT", one + "/shadow", Map.of("share", 1), 204);
            // The share is known to searches within a second.
            House.until(() -> {
                house.found("hybrid", "bellows");
                return house.get(one).path("shadow").path("queries").asInt() > 0;
            });

            JsonNode evaluated = search(house, Map.of("query", "bellows", "generation", made, "probe", true));
            assertThat(evaluated.path("generation").asText()).isEqualTo(made);
            assertThat(evaluated.path("hits").path(0).path("document").asText()).isEqualTo("urn:late");

            ok(house, "POST", one + "/swap", Map.of("reason", "better"), 200);
            assertThat(search(house, Map.of("query", "bellows")).path("model").asText())
                    .isEqualTo(model);
            assertThat(house.found("keyword", "anvil")).hasSize(DOCUMENTS - 2).doesNotContain("urn:0", "urn:1");
            house.index("updated", "urn:2", House.markdown("# Page 2\n\nThe tongs of smith 2."));
            assertThat(house.found("keyword", "tongs")).containsExactly("urn:2");

            ok(house, "POST", "/v1/collections/default/rollback", Map.of("reason", "worse", "from", made), 200);
            assertThat(search(house, Map.of("query", "tongs"))
                            .path("generation")
                            .asText())
                    .isEqualTo(first);
            assertThat(house.found("keyword", "tongs")).containsExactly("urn:2");
            ok(house, "DELETE", one, Map.of(), 204);
            assertThat(house.get(one, house.palimpsest.key()).statusCode()).isEqualTo(404);

            JsonNode list = house.get(GENERATIONS);
            assertThat(list.path("history")).hasSize(3);
            assertThat(list.path("generations")).hasSize(1);
            House.until(
                    () -> { // entries are sent behind the acts
                        assertThat(house.ledger())
                                .extracting(LedgerEntry::type)
                                .contains(
                                        LedgerEntry.Type.GENERATION_MADE,
                                        LedgerEntry.Type.GENERATION_LIVE,
                                        LedgerEntry.Type.GENERATION_DROPPED);
                        return true;
                    });
            House.until(() -> served(house).stream().anyMatch(QueryServed::probe));
            House.until(() -> {
                assertThat(served(house)).anySatisfy(fact -> {
                    assertThat(fact.probe()).isFalse();
                    assertThat(fact.model().value()).isEqualTo(model);
                    assertThat(fact.embedding()).isNotNull();
                });
                return true;
            });
        }
    }

    @Test
    void aModelThatDoesNotExistAndAGenerationThatDoesNotExistAreSaid() throws Exception {
        try (House house = House.start(dir.resolve("data"), Map.of())) {
            house.index("created", "urn:1", House.markdown("# One\n\nThe anvil."));
            HttpResponse<String> unknown = call(house, "POST", GENERATIONS, Map.of("model", "no/fp32/00000000"));
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains(ErrorCode.MODEL_UNKNOWN.id());
            assertThat(call(house, "POST", GENERATIONS + "/no/swap", Map.of()).statusCode())
                    .isEqualTo(404);
            HttpResponse<String> nothing = call(house, "POST", "/v1/collections/default/rollback", Map.of());
            assertThat(nothing.statusCode()).isEqualTo(409);
            assertThat(nothing.body()).contains(ErrorCode.NOTHING_TO_ROLL_BACK.id());
            assertThat(house.get("/v1/models")
                            .path("models")
                            .path(0)
                            .path("state")
                            .asText())
                    .isEqualTo("CONFIGURED");
        }
    }

    /** A model's folder as a trainer leaves it; its encoder is opened as a hashing one. */
    private String registered(House house) throws Exception {
        Path folder = Files.createDirectories(dir.resolve("model"));
        Files.writeString(folder.resolve(ModelManifest.ENCODER), "weights");
        SortedMap<String, ContentHash> files =
                new TreeMap<>(Map.of(ModelManifest.ENCODER, ContentHash.ofText("weights")));
        ModelManifest manifest = new ModelManifest(
                ModelManifest.idOf("tuned", "fp32", files),
                ModelManifest.Kind.ENCODER,
                null,
                48,
                512,
                files,
                null,
                7L,
                "test/1");
        Files.write(folder.resolve(ModelManifest.FILE), Json.write(manifest));
        return house.palimpsest.models().put(folder).id().value();
    }

    private static JsonNode search(House house, Map<String, Object> body) throws Exception {
        return ok(house, "POST", "/v1/collections/default/search", body, 200);
    }

    private static JsonNode ok(House house, String method, String path, Map<String, ?> body, int status)
            throws Exception {
        HttpResponse<String> response = call(house, method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.body().isEmpty() ? Json.mapper().nullNode() : House.json(response);
    }

    private static HttpResponse<String> call(House house, String method, String path, Map<String, ?> body)
            throws Exception {
        return house.send(house.request(path, house.palimpsest.key())
                .method(method, HttpRequest.BodyPublishers.ofString(Json.writeText(body)))
                .build());
    }

    private static List<QueryServed> served(House house) {
        return house.records(Topics.QUERY_SERVED).stream()
                .map(ConsumerRecord::value)
                .toList();
    }
}
