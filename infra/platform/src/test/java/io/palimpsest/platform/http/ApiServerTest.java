package io.palimpsest.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ApiServerTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final ApiKeys KEYS = ApiKeys.of(List.of(
            key("reader", "reader-key", List.of("handbook"), List.of(Role.SEARCH)),
            key("operator", "operator-key", List.of("*"), List.of(Role.OPERATE))));

    private final Health health = new Health();
    private final Telemetry telemetry = Telemetry.local();
    private final List<RefusedRequest> refusals = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private ApiServer server = server(HttpSettings.anyPort());

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        telemetry.close();
    }

    @Test
    void aRequestWithoutAKnownKeyGetsNothing() throws Exception {
        for (String path : List.of("/v1/whoami", "/v1/no/such/route", "/v1/whoami?x=1", "/v1//whoami")) {
            HttpResponse<String> response = send(request(path));
            assertThat(response.statusCode()).as(path).isEqualTo(401);
            assertProblem(response, ErrorCode.KEY_UNKNOWN);
            assertThat(send(request(path).header("Authorization", "Bearer wrong"))
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(refusals).hasSize(8).allMatch(refused -> refused.caller().isEmpty());
        assertThat(refusals.stream().map(RefusedRequest::id)).doesNotHaveDuplicates();
    }

    @Test
    void aKnownKeyIsTheCallerOfTheRequest() throws Exception {
        HttpResponse<String> response = send(as("reader-key", "/v1/whoami"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("name").asText()).isEqualTo("reader");
        assertThat(json(response).path("virtual").asBoolean()).isTrue();
    }

    @Test
    void aMissingRoleIsRefusedAndTold() throws Exception {
        assertProblem(send(as("reader-key", "/v1/operate")), ErrorCode.ROLE_MISSING);
        assertThat(send(as("operator-key", "/v1/operate")).statusCode()).isEqualTo(200);

        assertThat(refusals).hasSize(1);
        RefusedRequest refused = refusals.getFirst();
        assertThat(refused.code()).isEqualTo(ErrorCode.ROLE_MISSING);
        assertThat(refused.route()).isEqualTo("GET /v1/operate");
        assertThat(refused.caller().orElseThrow().name()).isEqualTo("reader");
    }

    @Test
    void aCollectionOfAnotherKeyIsNotThere() throws Exception {
        assertThat(send(as("reader-key", "/v1/collections/handbook")).body()).isEqualTo("acme/handbook");
        assertProblem(send(as("reader-key", "/v1/collections/wiki")), ErrorCode.NOT_FOUND);
        assertProblem(send(as("reader-key", "/v1/collections/No%20Name")), ErrorCode.NOT_FOUND);
    }

    @Test
    void failuresAreProblemsWithTheirStatusAndNothingInternal() throws Exception {
        HttpResponse<String> known = send(as("reader-key", "/v1/fail"));
        assertProblem(known, ErrorCode.AS_OF_NOT_RETAINED);
        assertThat(json(known).path("message").asText()).isEqualTo("too old");

        HttpResponse<String> defect = send(as("reader-key", "/v1/defect"));
        assertProblem(defect, ErrorCode.INTERNAL);
        assertThat(defect.body()).doesNotContain("internal detail", "Exception", "at io.");
        assertThat(defect.body())
                .contains(defect.headers().firstValue("X-Request-Id").orElseThrow());

        HttpResponse<String> nowhere = send(as("reader-key", "/v1/nowhere"));
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(json(nowhere).path("code").asText()).isEqualTo("PAL-603");
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        HttpRequest.BodyPublisher small = HttpRequest.BodyPublishers.ofString("x".repeat(1 << 20));
        HttpRequest.BodyPublisher large = HttpRequest.BodyPublishers.ofString("x".repeat((1 << 20) + 1));

        assertThat(send(as("reader-key", "/v1/length").POST(small)).body()).isEqualTo("1048576");
        assertProblem(send(as("reader-key", "/v1/length").POST(large)), ErrorCode.BODY_TOO_LARGE);
    }

    @Test
    void readinessIsThatOfThePartsAndNeedsNoKey() throws Exception {
        assertThat(send(request("/health/live")).statusCode()).isEqualTo(200);
        assertThat(send(request("/health/ready")).statusCode()).isEqualTo(200);

        health.register("index", () -> Health.State.down("catching up"));

        HttpResponse<String> response = send(request("/health/ready"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).path("parts").path("index").path("detail").asText())
                .isEqualTo("catching up");
        assertThat(send(request("/health/live")).statusCode()).isEqualTo(200);
    }

    @Test
    void requestsAreMeasuredByRouteNotByPath() throws Exception {
        send(as("reader-key", "/v1/collections/handbook"));

        String metrics = send(request("/metrics")).body();

        assertThat(metrics)
                .contains("route=\"/v1/collections/{collection}\"")
                .contains("palimpsest_http_requests_seconds_count")
                .doesNotContain("route=\"/v1/collections/handbook\"");
    }

    @Test
    void aTraceComesInAndGoesOn() throws Exception {
        HttpResponse<String> response =
                send(as("reader-key", "/v1/trace").header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01"));

        assertThat(response.body()).startsWith("00-" + TRACE).doesNotContain("b7ad6b7169203331");
    }

    @Test
    void answersCarrySecurityHeadersAndNoServerVersion() throws Exception {
        HttpResponse<String> response = send(request("/health/live"));

        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void aTakenPortIsSaidPlainly() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpSettings settings = new HttpSettings(
                    "127.0.0.1", taken.getLocalPort(), Optional.empty(), Optional.empty(), Secret.NONE, 1 << 20);
            try (ApiServer second = server(settings)) {
                assertThatThrownBy(second::start)
                        .isInstanceOfSatisfying(
                                PalimpsestException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN));
            }
        }
    }

    @Test
    void listeningBeyondThisMachineWithoutKeysAndTlsIsRefused() {
        HttpSettings open = new HttpSettings("0.0.0.0", 0, Optional.empty(), Optional.empty(), Secret.NONE, 1 << 20);

        assertThatThrownBy(() -> server(open)).isInstanceOf(PalimpsestException.class);
    }

    private ApiServer server(HttpSettings settings) {
        Routes routes = all -> {
            all.get(
                    "/v1/whoami",
                    context -> context.json(Map.of(
                            "name",
                            Callers.of(context).name(),
                            "virtual",
                            Thread.currentThread().isVirtual())));
            all.get(
                    "/v1/operate",
                    context ->
                            context.json(Callers.require(context, Role.OPERATE).name()));
            all.get(
                    "/v1/collections/{collection}",
                    context -> context.json(
                            Callers.collection(context, "collection").toString()));
            all.get("/v1/fail", context -> {
                throw new PalimpsestException(ErrorCode.AS_OF_NOT_RETAINED, "too old");
            });
            all.get("/v1/defect", context -> {
                throw new IllegalStateException("internal detail");
            });
            all.post("/v1/length", context -> context.json(context.bodyAsBytes().length));
            all.get(
                    "/v1/trace",
                    context -> context.json(telemetry.tracing().current().orElse("")));
        };
        return new ApiServer(settings, KEYS, telemetry, health, List.of(routes), refusals::add);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    private HttpRequest.Builder as(String key, String path) {
        return request(path).header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    private static void assertProblem(HttpResponse<String> response, ErrorCode code) throws IOException {
        assertThat(response.statusCode()).isEqualTo(code.httpStatus());
        assertThat(json(response).path("code").asText()).isEqualTo(code.id());
        assertThat(json(response).path("error").asText()).isEqualTo(code.name());
        assertThat(json(response).path("hint").asText()).isEqualTo(code.hint());
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.mapper().readTree(response.body());
    }

    private static KeyEntry key(String name, String secret, List<String> collections, List<Role> roles) {
        return new KeyEntry(ContentHash.ofText(secret), new TenantId("acme"), name, collections, roles, List.of());
    }
}
