package io.palimpsest.retrain.feedback;

import static io.palimpsest.retrain.feedback.QueryLogRows.hits;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every outcome of feedback as HTTP has it. */
@SuppressWarnings("NullAway.Init") // set before each test
final class FeedbackRoutesTest {
    private final QueryCipher cipher = QueryLogRows.cipher();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger woken = new AtomicInteger();
    private Database database;
    private ApiServer server;
    private Telemetry telemetry;
    private String query;

    @BeforeEach
    void start(@TempDir Path folder) {
        Settings settings = Settings.defaults(folder);
        database = Database.open(settings.database());
        telemetry = Telemetry.local();
        query = QueryLogRows.ask(database.sql(), cipher, "refunds", Instant.now(), hits("a", "b"));
        FeedbackIntake intake = new FeedbackIntake(
                database.sql(),
                new LoggedQueries(database.sql(), cipher),
                cipher,
                new KeyedDigests(new byte[32]),
                settings.feedback().lateAfter(),
                Clock.systemUTC());
        server = new ApiServer(
                        HttpSettings.anyPort(),
                        ApiKeys.of(List.of(key("ann", Role.SEARCH), key("pub", Role.PUBLISH))),
                        telemetry,
                        new Health(),
                        List.of(new FeedbackRoutes(intake, woken::incrementAndGet, telemetry)),
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
    void eachOutcomeHasItsStatusAndCode() throws Exception {
        String thumb = "{\"queryId\":\"" + query + "\",\"kind\":\"thumb\",\"value\":1,\"document\":\"a\"}";
        HttpResponse<String> taken = post("ann", thumb);
        assertThat(taken.statusCode()).isEqualTo(202);
        assertThat(Json.mapper().readTree(taken.body()).path("sequence").asInt())
                .isEqualTo(1);
        assertThat(post("ann", thumb).statusCode()).isEqualTo(200);
        assertThat(woken).hasValue(1);
        assertProblem(409, "PAL-824", thumb.replace(":1,", ":-1,"));
        assertProblem(422, "PAL-822", thumb.replace("\"a\"", "\"z\""));
        assertProblem(404, "PAL-821", thumb.replace(query, "11111111-1111-4111-8111-111111111111"));
        assertProblem(400, "PAL-820", thumb.replace(":1,", ":2,"));
        assertProblem(400, "PAL-820", thumb.replace("thumb", "love"));
        assertProblem(400, "PAL-820", thumb.replace("\"value\"", "\"points\""));
        assertProblem(400, "PAL-820", "{\"queryId\":\"" + query + "\",\"kind\":\"comment\"}");
        assertProblem(400, "PAL-820", "{");
        assertThat(post("pub", thumb).statusCode()).isEqualTo(403);
        assertThat(telemetry.scrape())
                .contains(counted("none", "taken", 1))
                .contains(counted("none", "duplicate", 1))
                .contains(counted("none", "late", 0))
                .contains(counted("PAL-822", "refused", 1))
                .contains(counted("PAL-820", "refused", 5));
    }

    private static String counted(String error, String outcome, int times) {
        return "palimpsest_feedback_records_total{error=\"" + error + "\",outcome=\"" + outcome + "\"} " + times + ".0";
    }

    private void assertProblem(int status, String code, String body) throws Exception {
        HttpResponse<String> response = post("ann", body);
        assertThat(response.statusCode()).as(body).isEqualTo(status);
        assertThat(response.body()).contains(code);
    }

    private HttpResponse<String> post(String key, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/v1/feedback"))
                        .header("Authorization", "Bearer " + key + "-key")
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
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
