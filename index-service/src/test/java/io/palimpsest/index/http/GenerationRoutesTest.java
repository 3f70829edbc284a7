package io.palimpsest.index.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedders;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.InMemoryEmbeddingCache;
import io.palimpsest.index.embed.TestModels;
import io.palimpsest.index.generation.GenerationActs;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.indexer.BuildEstimates;
import io.palimpsest.index.indexer.GenerationBuilds;
import io.palimpsest.index.indexer.IndexListener;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.ShadowReads;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with generations over HTTP, and what is refused how. */
@SuppressWarnings("NullAway.Init") // set before each test
final class GenerationRoutesTest {
    private static final String GENERATIONS = "/v1/collections/docs/generations";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Corpus corpus = new Corpus();
    private TestModels models;
    private ModelId tuned;
    private GenerationTable table;
    private ShadowReads shadows;
    private ApiServer server;

    @BeforeEach
    void start(@TempDir Path dir) {
        models = new TestModels(dir);
        tuned = models.encoder("tuned", 8);
        table = new GenerationTable(models.database().sql());
        HashingEmbedder configured = new HashingEmbedder(8);
        Embedders embedders = models.embedders(configured);
        InMemoryPassageIndex index = new InMemoryPassageIndex();
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        Generations generations = new Generations(
                index,
                table,
                new Generations.Built(configured.model(), 8, new PassagePolicyId("paragraphs/1")),
                entries,
                entry -> {},
                Clock.systemUTC());
        generations.forWriting(Corpus.COLLECTION);
        corpus.revise(Corpus.COLLECTION, "urn:1", "One.\n\nTwo.", "*");
        GenerationActs acts = new GenerationActs(
                index,
                table,
                generations,
                embedders,
                corpus,
                entries,
                e -> {},
                corpus.telemetry,
                Duration.ZERO,
                Clock.systemUTC());
        shadows = new ShadowReads(models.database().sql(), generations::known, 1, corpus.telemetry);
        BuildEstimates estimates = new BuildEstimates(
                new GenerationBuilds.Sources(
                        corpus.index,
                        corpus.store,
                        embedders::forPassages,
                        corpus,
                        new IndexListener() {},
                        () -> false,
                        50),
                new InMemoryEmbeddingCache());
        server = new ApiServer(
                        HttpSettings.anyPort(),
                        ApiKeys.of(List.of(
                                key("operator", Role.OPERATE),
                                key("approver", Role.APPROVE),
                                key("reader", Role.SEARCH))),
                        corpus.telemetry,
                        new Health(),
                        List.of(
                                new GenerationRoutes(
                                        acts, table, estimates, shadows, new Models(models.store(), configured)),
                                new SearchRoutes(
                                        corpus.search(), Settings.defaults(dir).search())),
                        refused -> {})
                .start();
    }

    private static KeyEntry key(String name, Role role) {
        return new KeyEntry(
                ContentHash.ofText(name), Corpus.COLLECTION.tenant(), name, List.of("docs"), List.of(role), null);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        shadows.close();
        models.close();
    }

    private HttpResponse<String> call(String key, String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.address() + path))
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode ok(String key, String method, String path, String body) throws Exception {
        HttpResponse<String> response = call(key, method, path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response.body().isEmpty()
                ? Json.mapper().nullNode()
                : Json.mapper().readTree(response.body());
    }

    private void refused(HttpResponse<String> response, ErrorCode code) {
        assertThat(response.body()).contains(code.id());
        assertThat(response.statusCode()).isEqualTo(code.httpStatus());
    }

    private String made() throws Exception {
        return ok("operator", "POST", GENERATIONS, "{\"model\":\"" + tuned + "\"}")
                .path("id")
                .asText();
    }

    @Test
    void modelsAreThoseOfTheSettingsAndOfTheStore() throws Exception {
        JsonNode list = ok("operator", "GET", "/v1/models", "").path("models");
        assertThat(list.findValuesAsText("id")).containsExactly("hashing/8/00000000", tuned.value());
        assertThat(list.findValuesAsText("state")).containsExactly("CONFIGURED", "REGISTERED");
        refused(call("reader", "GET", "/v1/models", ""), ErrorCode.ROLE_MISSING);
    }

    @Test
    void anEstimateMakesNothing() throws Exception {
        JsonNode estimate = ok("operator", "POST", GENERATIONS, "{\"model\":\"" + tuned + "\",\"estimateOnly\":true}");
        assertThat(estimate.path("documents").asInt()).isEqualTo(1);
        assertThat(estimate.path("passages").asInt()).isEqualTo(2);
        assertThat(estimate.path("textsToEmbed").asInt()).isEqualTo(2);
        assertThat(table.of(Corpus.COLLECTION)).hasSize(1);
    }

    @Test
    void aHalfBuiltGenerationIsSeenAndNotSwapped() throws Exception {
        String id = made();
        JsonNode seen = ok("operator", "GET", GENERATIONS + "/" + id, "");
        assertThat(seen.path("state").asText()).isEqualTo("BUILDING");
        assertThat(seen.path("shadow").path("queries").asInt()).isZero();
        HttpResponse<String> refused = call("approver", "POST", GENERATIONS + "/" + id + "/swap", "{}");
        refused(refused, ErrorCode.GENERATION_GATES_FAILED);
        assertThat(refused.body()).contains("BUILT");
        assertThat(ok("operator", "GET", GENERATIONS + "/" + id, "")
                        .path("gates")
                        .path(0)
                        .path("passed")
                        .asBoolean())
                .isFalse();
        refused(call("operator", "POST", GENERATIONS, "{\"model\":\"" + tuned + "\"}"), ErrorCode.GENERATION_UNDER_WAY);
    }

    @Test
    void onlyApproversLetGoLiveRollBackAndDrop() throws Exception {
        String one = GENERATIONS + "/" + made();
        refused(call("operator", "POST", one + "/swap", "{}"), ErrorCode.ROLE_MISSING);
        refused(call("operator", "POST", "/v1/collections/docs/rollback", "{}"), ErrorCode.ROLE_MISSING);
        refused(call("operator", "DELETE", one, ""), ErrorCode.ROLE_MISSING);
        refused(call("reader", "GET", one, ""), ErrorCode.ROLE_MISSING);
        refused(call("approver", "POST", "/v1/collections/docs/rollback", "{}"), ErrorCode.NOTHING_TO_ROLL_BACK);
        ok("approver", "DELETE", one, "");
        refused(call("operator", "GET", one, ""), ErrorCode.NOT_FOUND);
        refused(call("operator", "GET", "/v1/collections/other/generations", ""), ErrorCode.NOT_FOUND);
    }

    @Test
    void badBodiesAreRefused() throws Exception {
        refused(call("operator", "POST", GENERATIONS, "{}"), ErrorCode.QUERY_INVALID);
        refused(call("operator", "POST", GENERATIONS, "no json"), ErrorCode.QUERY_INVALID);
        refused(call("operator", "POST", GENERATIONS, "{\"model\":\"no/fp32/00000000\"}"), ErrorCode.MODEL_UNKNOWN);
        String one = GENERATIONS + "/" + made();
        for (String share : List.of("{}", "{\"share\":2}", "{\"share\":\"all\"}")) {
            refused(call("operator", "PUT", one + "/shadow", share), ErrorCode.QUERY_INVALID);
        }
        ok("operator", "PUT", one + "/shadow", "{\"share\":0.5}");
        assertThat(ok("operator", "GET", one, "").path("shadowShare").asDouble())
                .isEqualTo(0.5);
    }

    @Test
    void searchesOfAnotherGenerationNeedTheRoleAndProbesDoNot() throws Exception {
        corpus.add("urn:2", "The anvil rings.");
        String search = "/v1/collections/docs/search";
        refused(
                call("reader", "POST", search, "{\"query\":\"anvil\",\"generation\":\"acme.docs\"}"),
                ErrorCode.ROLE_MISSING);
        refused(call("reader", "POST", search, "{\"query\":\"anvil\",\"model\":\"m\"}"), ErrorCode.ROLE_MISSING);
        assertThat(ok("reader", "POST", search, "{\"query\":\"anvil\",\"probe\":true}")
                        .path("hits"))
                .hasSize(1);
    }
}
