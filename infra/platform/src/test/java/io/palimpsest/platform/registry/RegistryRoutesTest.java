package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a key sees of two tenants who share a base model, an extractor and a policy; everything else has its tenant's name in its id. */
@SuppressWarnings("NullAway.Init") // set before each test
final class RegistryRoutesTest {
    private static final ModelId BASE = model("base", null, null).id();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Telemetry telemetry = Telemetry.local();
    private Database database;
    private ApiServer server;

    @BeforeEach
    void start(@TempDir Path folder) {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        Registry registry = new Registry(database.sql(), Clock.systemUTC(), new Registrations(entries, told -> {}));
        registry.register(ArtifactKind.EXTRACTOR, "tika-3", Map.of("fingerprint", "tika-3"), "service:ledger");
        registry.register(ArtifactKind.PASSAGE_POLICY, "whole/1", Map.of("fingerprint", "whole/1"), "service:ledger");
        register(model("base", null, null));
        fill("acme");
        fill("beta");
        Cards cards =
                new Cards(database.sql(), new RunEvaluations(database.sql(), new InMemoryContentStore()), entries);
        server = new ApiServer(
                        HttpSettings.anyPort(),
                        ApiKeys.of(List.of(
                                key("acme", "acme", "docs"), key("beta", "beta", "*"), key("other", "beta", "other"))),
                        telemetry,
                        new Health(),
                        List.of(new RegistryRoutes(registry, new Aliases(database.sql()), cards, Clock.systemUTC())),
                        refused -> {})
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        database.close();
        telemetry.close();
    }

    @Test
    void nothingOfAnotherTenantIsInAnyAnswer() throws Exception {
        for (String tenant : List.of("acme", "beta")) {
            String other = tenant.equals("acme") ? "beta" : "acme";
            List<String> ids = ids(tenant);
            assertThat(ids)
                    .containsExactlyInAnyOrder(
                            BASE.value(),
                            "tika-3",
                            "whole/1",
                            tuned(tenant).id().value(),
                            twin(tenant).id().value(),
                            snapshot(tenant),
                            "g-" + tenant,
                            "run-" + tenant);
            List<String> answers = new ArrayList<>(List.of(
                    get(tenant, "/v1/registry/artifacts").body(),
                    get(tenant, "/v1/registry/aliases").body()));
            for (JsonNode each : artifacts(tenant)) {
                String path = path(each.path("digest").asText());
                answers.add(get(tenant, path).body());
                answers.add(get(tenant, path + "/card").body());
                answers.add(get(tenant, path + "/card?format=html").body());
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer).doesNotContain(other, snapshot(other)))
                    .anySatisfy(answer -> assertThat(answer).contains("Approvals", "run-" + tenant));
            assertThat(get(tenant, "/v1/registry/aliases").body()).contains("g-" + tenant);
        }
    }

    @Test
    void whatIsAnothersIsAnsweredAsIfThereWereNone() throws Exception {
        for (ModelManifest model : List.of(tuned("beta"), twin("beta"))) {
            assertUnknown("acme", ModelManifest.digest(model.files()).value());
        }
        for (String id : List.of(snapshot("beta"), "g-beta", "run-beta", "nothing")) {
            assertUnknown("acme", id);
        }
        assertUnknown("other", "g-beta"); // of its tenant, and not of its collections
        assertUnknown("other", ModelManifest.digest(tuned("beta").files()).value());
    }

    @Test
    void whatBelongsToNobodyIsSharedWithTheCallersOwnUses() throws Exception {
        assertThat(uses("acme", BASE.value())).contains("model " + tuned("acme").id(), "generation g-acme");
        assertThat(uses("acme", "tika-3")).containsExactly("revisions of docs");
        assertThat(uses("acme", "whole/1")).containsExactlyInAnyOrder("generation g-acme", "revisions of docs");
        assertThat(ids("other")).containsExactlyInAnyOrder(BASE.value(), "tika-3", "whole/1");
        for (JsonNode each : artifacts("other")) {
            assertThat(each.path("uses")).isEmpty();
        }
    }

    @Test
    void aTrainedModelIsOfTheCollectionThatItWasTrainedFor() throws Exception {
        for (JsonNode each : artifacts("beta")) {
            if (each.path("id").asText().equals(twin("beta").id().value())) {
                assertThat(each.path("collection").path("tenant").asText()).isEqualTo("beta");
                return;
            }
        }
        assertThat(ids("beta")).contains(twin("beta").id().value());
    }

    private void assertUnknown(String key, String id) throws Exception {
        for (String path : List.of(path(id), path(id) + "/card")) {
            HttpResponse<String> response = get(key, path);
            JsonNode problem = Json.read(response.body().getBytes(UTF_8), JsonNode.class);
            assertThat(problem.path("code").asText()).isEqualTo(ErrorCode.ARTIFACT_UNKNOWN.id());
            assertThat(problem.path("message").asText()).isEqualTo("there is no artefact " + id);
        }
    }

    private List<String> ids(String key) throws Exception {
        List<String> ids = new ArrayList<>();
        artifacts(key).forEach(each -> ids.add(each.path("id").asText()));
        return ids;
    }

    private List<String> uses(String key, String id) throws Exception {
        List<String> uses = new ArrayList<>();
        for (JsonNode each : artifacts(key)) {
            if (each.path("id").asText().equals(id)) {
                each.path("uses").forEach(use -> uses.add(use.asText()));
            }
        }
        return uses;
    }

    private JsonNode artifacts(String key) throws Exception {
        return Json.read(get(key, "/v1/registry/artifacts").body().getBytes(UTF_8), JsonNode.class)
                .path("artifacts");
    }

    private HttpResponse<String> get(String key, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.address() + path))
                        .header("Authorization", "Bearer " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String path(String id) {
        return "/v1/registry/artifacts/" + URLEncoder.encode(id, UTF_8);
    }

    private static KeyEntry key(String text, String tenant, String collection) {
        return new KeyEntry(
                ContentHash.ofText(text), new TenantId(tenant), text, List.of(collection), List.of(Role.AUDIT), null);
    }

    /** A run that trained a model from a training set, whose twin of another precision is in its generation after the base was. */
    private void fill(String tenant) {
        ModelManifest tuned = tuned(tenant);
        register(tuned);
        register(twin(tenant));
        update(
                "INSERT INTO training_snapshot (snapshot, tenant, collection, made_at, made_by, manifest)"
                        + " VALUES (?, ?, 'docs', 0, 'service:retrain', '{\"plan\":{\"seed\":7}}')",
                snapshot(tenant),
                tenant);
        update(
                "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at)"
                        + " VALUES (?, 'fine-tune', ?, 'docs', 'alarm', ?, 0)",
                "run-" + tenant,
                tenant,
                "{\"trainer\":\"lora\",\"of\":\"" + tenant + "\"}");
        update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES (?, 'TRAIN', ?, 0)",
                "run-" + tenant,
                "{\"model\":\"" + tuned.id() + "\"}");
        update(
                "INSERT INTO approval (run, person, approved, reason, given_at) VALUES (?, 'alice', 1, 'good', 0)",
                "run-" + tenant);
        update(
                "INSERT INTO generation (id, tenant, collection, model, passages, passages_model, policy, dimensions, origin,"
                        + " state, written, made_at) VALUES (?, ?, 'docs', ?, ?, ?, 'whole/1', 384, 'BUILT', 'LIVE', 1, 0)",
                "g-" + tenant,
                tenant,
                tuned.id().value(),
                "g-" + tenant,
                BASE.value());
        int number = 0;
        for (ModelId model : List.of(BASE, tuned.id())) {
            update(
                    "INSERT INTO generation_history (tenant, collection, number, generation, model, live_from, act, actor)"
                            + " VALUES (?, 'docs', ?, ?, ?, 0, 'SWAP', 'service:retrain')",
                    tenant,
                    ++number,
                    "g-" + tenant,
                    model.value());
        }
        update("INSERT INTO revision_made_by VALUES (?, ?, 'docs', 'tika-3', 'whole/1')", "hash-" + tenant, tenant);
    }

    private void register(ModelManifest model) {
        ContentHash snapshot = model.snapshot();
        ModelId base = model.base();
        update(
                "INSERT INTO model (id, kind, base, snapshot, manifest, state, registered_at)"
                        + " VALUES (?, 'ENCODER', ?, ?, ?, 'REGISTERED', 0)",
                model.id().value(),
                base == null ? null : base.value(),
                snapshot == null ? null : snapshot.value(),
                Json.writeText(model));
    }

    private void update(String statement, @Nullable Object... arguments) {
        database.sql().update(statement, arguments);
    }

    private static String snapshot(String tenant) {
        return ContentHash.ofText(tenant).value();
    }

    private static ModelManifest tuned(String tenant) {
        return model("tuned-" + tenant, BASE, new ContentHash(snapshot(tenant)));
    }

    /** Neither of a run nor of a training set: only its base tells whose it is. */
    private static ModelManifest twin(String tenant) {
        return model("twin-" + tenant, tuned(tenant).id(), null);
    }

    private static ModelManifest model(String name, @Nullable ModelId base, @Nullable ContentHash snapshot) {
        SortedMap<String, ContentHash> files = new TreeMap<>(Map.of("model.onnx", ContentHash.ofText(name)));
        return new ModelManifest(
                ModelManifest.idOf(name, "fp32", files),
                ModelManifest.Kind.ENCODER,
                base,
                384,
                256,
                files,
                snapshot,
                7L,
                "lora/1");
    }
}
