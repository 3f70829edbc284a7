package io.palimpsest.bridges.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.bridges.BridgeState;
import io.palimpsest.bridges.BridgeWorld;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.MlflowSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.registry.RegistryTables;
import io.palimpsest.platform.registry.RunEvaluations;
import io.palimpsest.platform.telemetry.Telemetry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers to the making of a run as it is told to. */
@SuppressWarnings("NullAway.Init") // set before each test
final class MlflowRefusalTest {
    private static final LedgerEntry ENTRY =
            BridgeWorld.entry(LedgerEntry.Type.RUN_ENDED, "run-1", Map.of("run", "run-1"));

    private final Telemetry telemetry = Telemetry.local();
    private final List<JsonNode> batches = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String body = "{\"run\":{\"info\":{\"run_id\":\"r1\"}}}";
    private HttpServer http;
    private Database database;
    private MlflowServer server;
    private MlflowTeller teller;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        BridgeWorld.rows(database.sql());
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        answer("experiments/get-by-name", "{\"experiment\":{\"experiment_id\":\"1\"}}");
        answer("runs/search", "{}");
        answer("runs/log-batch", "{}");
        answer("runs/update", "{}");
        answer("runs/create", null);
        http.start();
        MlflowSettings settings = new MlflowSettings(
                Optional.of(URI.create("http://127.0.0.1:" + http.getAddress().getPort())),
                "palimpsest",
                "palimpsest",
                "",
                Secret.NONE);
        server = new MlflowServer(settings);
        teller = new MlflowTeller(
                server,
                settings,
                new RegistryTables(database.sql()),
                new RunEvaluations(database.sql(), new InMemoryContentStore()),
                new BridgeState("mlflow", telemetry));
    }

    @AfterEach
    void stop() {
        server.close();
        http.stop(0);
        database.close();
        telemetry.close();
    }

    @Test
    void whatTheServerCallsWrongIsCountedAndLeftOut() {
        refuse(400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"too long\"}");
        teller.tell(ENTRY);
        refuse(404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"deleted\"}");
        teller.tell(ENTRY);
        assertThat(counted("refused")).isEqualTo("2.0");

        refuse(200, "{\"run\":{\"info\":{\"run_id\":\"r1\"}}}");
        teller.tell(ENTRY);
        assertThat(counted("taken")).isEqualTo("1.0");
        assertThat(batches).hasSize(1);
    }

    @Test
    void whatMayPassComesAgain() {
        for (int each : new int[] {401, 403, 404, 503}) {
            refuse(each, "<html>not for you</html>");
            assertThatThrownBy(() -> teller.tell(ENTRY))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MLFLOW_UNAVAILABLE));
        }
        assertThat(counted("refused")).isEqualTo("none");
    }

    @Test
    void noBatchIsLargerThanTheServerTakes() {
        Map<String, Double> metrics = new TreeMap<>();
        for (int number = 0; number < 2_500; number++) {
            metrics.put("m" + number, (double) number);
        }
        server.log("r1", Map.of("trainer", "lora"), metrics, Map.of("palimpsest.run", "run-1"), 0);
        assertThat(batches)
                .allSatisfy(batch -> assertThat(batch.path("metrics").size()
                                + batch.path("params").size()
                                + batch.path("tags").size())
                        .isLessThanOrEqualTo(1_000));
        assertThat(batches.stream().mapToInt(batch -> batch.path("metrics").size()))
                .containsExactly(998, 1_000, 502);
        assertThat(batches.stream().mapToInt(batch -> batch.path("params").size()))
                .containsExactly(1, 0, 0);
    }

    private void refuse(int with, String text) {
        status = with;
        body = text;
    }

    private String counted(String outcome) {
        String name = "palimpsest_bridge_sent_events_total{bridge=\"mlflow\",outcome=\"" + outcome + "\"} ";
        return telemetry
                .scrape()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("none");
    }

    /** @param fixed null: as the test says */
    private void answer(String path, @Nullable String fixed) {
        http.createContext("/api/2.0/mlflow/" + path, exchange -> {
            byte[] asked = exchange.getRequestBody().readAllBytes();
            if (path.equals("runs/log-batch")) {
                batches.add(Json.read(asked, JsonNode.class));
            }
            byte[] answer = (fixed == null ? body : fixed).getBytes(UTF_8);
            exchange.sendResponseHeaders(fixed == null ? status : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
    }
}
