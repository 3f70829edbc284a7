package io.palimpsest.retrain.judgement;

import static io.palimpsest.retrain.feedback.QueryLogRows.hits;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.feedback.KeyedDigests;
import io.palimpsest.retrain.feedback.QueryLogRows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The review of a collection over HTTP, from the first item to the export. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ReviewRoutesTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private Database database;
    private ApiServer server;
    private Telemetry telemetry;

    @BeforeEach
    void start(@TempDir Path folder) {
        Settings settings = Settings.defaults(folder);
        QueryCipher cipher = QueryLogRows.cipher();
        database = Database.open(settings.database());
        telemetry = Telemetry.local();
        QueryLogRows.ask(database.sql(), cipher, "refunds", Instant.now(), hits("a"));
        PassageTexts texts = place -> Optional.of("text of " + place.document().document());
        DocumentStandings documents =
                document -> Optional.of(new DocumentStandings.Standing(1, true, false, Set.of("*")));
        Judgements judgements = new Judgements(new JudgementParts(
                database.sql(),
                new LoggedQueries(database.sql(), cipher),
                cipher,
                new KeyedDigests(new byte[32]),
                texts,
                documents,
                new Suppressions(database.sql(), new byte[32], Clock.systemUTC()),
                settings.judgement(),
                new LedgerEntries(new byte[32]),
                entry -> {},
                Clock.systemUTC()));
        server = new ApiServer(
                        HttpSettings.anyPort(),
                        ApiKeys.of(List.of(
                                key("ann", Role.REVIEW),
                                key("bob", Role.REVIEW),
                                key("eve", Role.SEARCH),
                                key("ops", Role.OPERATE))),
                        telemetry,
                        new Health(),
                        List.of(new ReviewRoutes(judgements, texts, documents)),
                        refused -> {})
                .start();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        telemetry.close();
        database.close();
    }

    @Test
    void twoReviewersGradeAnItemAndTheLabelGoesOut() throws Exception {
        JsonNode task = json(get("ann", "review/next"));
        assertThat(task.path("query").asText()).isEqualTo("refunds");
        String item = "review/" + task.path("itemId").asText();
        assertThat(post("ann", item, "{\"grade\":4}").statusCode()).isEqualTo(400);
        assertThat(post("ann", item, "{\"grade\":1.5}").statusCode()).isEqualTo(400);
        assertThat(post("bob", item, "{\"grade\":2}").body()).contains("PAL-827");
        assertThat(post("eve", item, "{\"grade\":2}").statusCode()).isEqualTo(403);
        assertThat(json(post("ann", item, "{\"grade\":2}")).path("state").asText())
                .isEqualTo("OPEN");
        assertThat(get("ann", "review/next").statusCode()).isEqualTo(204);
        assertThat(json(get("bob", "review/next")).path("itemId").asText())
                .isEqualTo(task.path("itemId").asText());
        assertThat(json(post("bob", item, "{\"grade\":2}")).path("state").asText())
                .isEqualTo("DONE");

        assertThat(json(get("ops", "review")).path("items").path("DONE").asInt())
                .isEqualTo(1);
        assertThat(get("ann", "judgements:export").body())
                .contains("\"text\":\"text of a\"", "\"text\":\"refunds\"", "\"score\":2");
    }

    @Test
    void labelsOfElsewhereComeInOverHttp() throws Exception {
        String body = "{\"corpus\":{\"_id\":\"d\",\"text\":\"x\"}}\n{\"query\":{\"_id\":\"q\",\"text\":\"y\"}}\n"
                + "{\"qrel\":{\"query-id\":\"q\",\"corpus-id\":\"d\",\"score\":1}}";
        assertThat(post("ann", "judgements:import", body).statusCode()).isEqualTo(403);
        assertThat(post("ops", "judgements:import?name=trial&frozen=true", body).body())
                .isEqualTo("{\"judgements\":1,\"ofErasedDocuments\":0}");
        assertThat(post("ops", "judgements:import", "{}").body()).contains("PAL-828");
        assertThat(post("ops", "judgements:import", body.replace(":1}", ":7}")).body())
                .contains("PAL-826");
    }

    private HttpResponse<String> get(String key, String path) throws Exception {
        return client.send(request(key, path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String key, String path, String body) throws Exception {
        return client.send(
                request(key, path)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + "/v1/collections/docs/" + path))
                .header("Authorization", "Bearer " + key + "-key")
                .timeout(Duration.ofSeconds(20));
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.mapper().readTree(response.body());
    }

    private static KeyEntry key(String name, Role role) {
        return new KeyEntry(
                ContentHash.ofText(name + "-key"),
                QueryLogRows.DOCS.tenant(),
                name,
                List.of("docs"),
                List.of(role),
                null);
    }
}
