package io.palimpsest.retrain.workflow;

import static io.palimpsest.retrain.workflow.DriftWorld.LIVE;
import static io.palimpsest.retrain.workflow.DriftWorld.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.database.TestDatabases;
import io.temporal.activity.ActivityOptions;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The look of the activity itself, at an index service that speaks HTTP. */
@SuppressWarnings("NullAway") // what a look does not need is not there
final class RolloutLookTest {
    private static final String NEW = "acme.docs.fedcba987654";
    private static final RolloutRequest REQUEST =
            new RolloutRequest("r1", new Scope("acme", "docs", false), "m2", Duration.ofMinutes(1), WorkflowWorld.PACE);

    @TempDir
    Path folder;

    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile String live = NEW;
    private TestDatabases databases;
    private DriftWorld world;
    private HttpServer server;
    private TestActivityEnvironment activities;

    @BeforeEach
    void open() throws IOException {
        databases = TestDatabases.files(folder);
        world = new DriftWorld(databases);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/collections/docs/generations", exchange -> answer(exchange, generations()));
        server.createContext("/v1/collections/docs/search", exchange -> answer(exchange, hits(exchange)));
        server.start();
        IndexApi index = new IndexApi(
                client,
                tenant -> new IndexApi.Access(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "key"));
        Runs runs = new Runs(world.sql, () -> NOW);
        runs.once(
                "r1",
                Stage.SWAP,
                RolloutActivities.Swap.class,
                () -> new RolloutActivities.Swap(null, NOW.toEpochMilli(), LIVE));
        TuningParts parts = new TuningParts(
                runs,
                world.judgements,
                null,
                null,
                null,
                index,
                null,
                null,
                null,
                null,
                null,
                RunObserver.NONE,
                folder,
                null,
                null,
                null,
                null,
                world.clock);
        activities = TestActivityEnvironment.newInstance();
        activities.registerActivitiesImplementations(
                new RolloutActivitiesImpl(parts, new GenerationWatch(world.canaries(index), world.feedback)));
        for (int i = 0; i < 30; i++) {
            world.canary("known " + i, "d1");
        }
    }

    @AfterEach
    void close() {
        activities.close();
        server.stop(0);
        client.shutdownNow();
        world.close();
        databases.close();
    }

    @Test
    void generationThatAnswersAsTheOneBeforeIsKept() {
        assertThat(look()).isNull();
    }

    @Test
    void lossOnKnownQuestionsIsSeenThoughNoSliceIsThere() {
        for (int i = 0; i < 20; i++) {
            lost.add("known " + i);
        }

        assertThat(look()).startsWith("canaries: nDCG@10 -0.6667 on 30 questions");
    }

    @Test
    void whatPeopleSaidSinceTheSwapIsSeen() {
        world.feedback(160, 40, NOW.minus(Duration.ofDays(1)), LIVE);
        world.feedback(5, 45, NOW.plus(Duration.ofMinutes(5)), NEW);

        assertThat(look()).startsWith("feedback: 80 % of 200 good before, 10 % of 50 now");
    }

    @Test
    void whereSomebodyElseHasRolledBackTheLookSaysSoAndComparesNothing() {
        lost.add("known 1");
        live = LIVE;

        assertThat(look()).isEqualTo("another generation was made live meanwhile");
    }

    private @Nullable String look() {
        return activities
                .newActivityStub(
                        RolloutActivities.class,
                        ActivityOptions.newBuilder()
                                .setStartToCloseTimeout(Duration.ofMinutes(1))
                                .build())
                .look(REQUEST, NEW)
                .regression();
    }

    private Map<String, Object> generations() {
        String before = live.equals(NEW) ? LIVE : NEW;
        return Map.of(
                "generations",
                List.of(
                        Map.of("id", live, "model", "m2", "state", "LIVE"),
                        Map.of("id", before, "model", "m1", "state", "RETIRED")));
    }

    private Map<String, Object> hits(HttpExchange exchange) throws IOException {
        JsonNode asked = Json.mapper().readTree(exchange.getRequestBody());
        boolean finds = !asked.path("generation").asText().equals(NEW)
                || !lost.contains(asked.path("query").asText());
        return Map.of("hits", List.of(Map.of("document", finds ? "d1" : "d2")));
    }

    private static void answer(HttpExchange exchange, Map<String, Object> body) throws IOException {
        byte[] bytes = Json.writeText(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
